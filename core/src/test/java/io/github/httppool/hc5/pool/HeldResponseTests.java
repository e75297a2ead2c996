package io.github.httppool.hc5.pool;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.Coding;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.StreamUtils;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the pool never reports a response as lost while a caller can still read or
 * close it, through any of its objects. Garbage is collected all the time.
 */
@Tag("waiting")
@Timeout(120)
class HeldResponseTests {

	private static final int LENGTH = 20;

	private static final Duration PAUSE = Duration.ofMillis(2);

	private static final long SOME_TIME = Duration.ofSeconds(6).toNanos();

	private static final byte[] COMPRESSED = Coding.GZIP.encode("a".repeat(LENGTH).getBytes());

	private static final ScriptedUpstream.Script SLOW = (exchange) -> {
		switch (exchange.path()) {
			case "/chunks" -> {
				exchange.head(200, "Transfer-Encoding: chunked");
				for (int i = 0; i < LENGTH; i++) {
					exchange.after(PAUSE).chunk("a".getBytes());
				}
				exchange.lastChunk();
			}
			case "/compressed" -> {
				exchange.head(200, "Content-Encoding: gzip", "Content-Length: " + COMPRESSED.length);
				for (byte part : COMPRESSED) {
					exchange.after(PAUSE).sendRaw(new byte[] { part });
				}
			}
			case "/until-close" -> {
				exchange.head(200);
				for (int i = 0; i < LENGTH; i++) {
					exchange.after(PAUSE).sendRaw("a");
				}
				exchange.close();
			}
			default -> {
				exchange.after(PAUSE.multipliedBy(10)).head(200, "Content-Length: " + LENGTH);
				exchange.after(PAUSE.multipliedBy(10));
				for (int i = 0; i < LENGTH; i++) {
					exchange.after(PAUSE).sendRaw("a");
				}
			}
		}
	};

	private static final List<String> PATHS = List.of("/length", "/chunks", "/compressed", "/until-close");

	private static final List<Reading> READINGS = List.of(HeldResponseTests::byTheResponse,
			HeldResponseTests::byTheEntity, HeldResponseTests::byTheStream, HeldResponseTests::byAReader,
			HeldResponseTests::byAStreamThatDoesNotClose, HeldResponseTests::inAHandler,
			HeldResponseTests::inAnExchange, HeldResponseTests::byAResult, HeldResponseTests::ignored);

	@Test
	void responseThatIsStillReachableIsNeverReportedAsLost() throws Exception {
		AtomicInteger read = new AtomicInteger();
		AtomicLong collections = new AtomicLong();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SLOW);
				// A connection that was idle so long is swept away, and there is always
				// one.
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(100))
					.drainMaxTime(Duration.ofMillis(500)));
				Crowd crowd = new Crowd(READINGS.size() * 2 + 1)) {
			RestClient client = RestClient.builder()
				.requestFactory(new HttpComponentsClientHttpRequestFactory(pool.client))
				.build();
			long started = System.nanoTime();
			crowd.all(1, (caller, time) -> {
				for (int i = caller; System.nanoTime() - started < SOME_TIME; i++) {
					if (caller == 0) {
						System.gc();
						Pause.of(PAUSE.multipliedBy(10));
						collections.incrementAndGet();
					}
					else {
						URI uri = upstream.uri(PATHS.get(i % PATHS.size()));
						READINGS.get(caller % READINGS.size()).read(pool, client, uri);
						read.incrementAndGet();
					}
				}
			});
			assertThat(pool.snapshot().totals().leaks()).isZero();
			assertThat(pool.snapshot().totals().closed()).doesNotContainKey(CloseReason.LEAK);
			assertThat(pool.leased()).isZero();
			assertThat(read).hasValueGreaterThan(READINGS.size() * 3);
			assertThat(collections).hasValueGreaterThan(5);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	private static void byTheResponse(PoolFixture pool, RestClient client, URI uri) throws Exception {
		try (ClassicHttpResponse response = pool.client.executeOpen(null, new HttpGet(uri), null)) {
			Pause.of(PAUSE.multipliedBy(10));
			assertThat(response.getEntity().getContent().readAllBytes()).hasSize(LENGTH);
		}
	}

	private static void byTheEntity(PoolFixture pool, RestClient client, URI uri) throws Exception {
		HttpEntity entity = pool.client.executeOpen(null, new HttpGet(uri), null).getEntity();
		Pause.of(PAUSE.multipliedBy(10));
		try (InputStream body = entity.getContent()) {
			assertThat(body.readAllBytes()).hasSize(LENGTH);
		}
	}

	private static void byTheStream(PoolFixture pool, RestClient client, URI uri) throws Exception {
		// Not closed, so it must end by itself, which a compressed one does not.
		URI plain = uri.getPath().equals("/compressed") ? uri.resolve("/length") : uri;
		InputStream body = pool.client.executeOpen(null, new HttpGet(plain), null).getEntity().getContent();
		int length = 0;
		while (body.read() >= 0) {
			length++;
		}
		assertThat(length).isEqualTo(LENGTH);
	}

	private static void byAReader(PoolFixture pool, RestClient client, URI uri) throws Exception {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(pool.client.executeOpen(null, new HttpGet(uri), null).getEntity().getContent(),
						StandardCharsets.US_ASCII))) {
			assertThat(reader.readLine()).hasSize(LENGTH);
		}
	}

	private static void byAStreamThatDoesNotClose(PoolFixture pool, RestClient client, URI uri) throws Exception {
		URI plain = uri.getPath().equals("/compressed") ? uri.resolve("/chunks") : uri;
		InputStream body = StreamUtils
			.nonClosing(pool.client.executeOpen(null, new HttpGet(plain), null).getEntity().getContent());
		assertThat(body.readAllBytes()).hasSize(LENGTH);
	}

	private static void inAHandler(PoolFixture pool, RestClient client, URI uri) throws Exception {
		int length = pool.client.execute(new HttpGet(uri), (response) -> {
			Thread.yield();
			return response.getEntity().getContent().readAllBytes().length;
		});
		assertThat(length).isEqualTo(LENGTH);
	}

	private static void inAnExchange(PoolFixture pool, RestClient client, URI uri) throws Exception {
		Integer length = client.get()
			.uri(uri)
			.exchange((request, response) -> response.getBody().readAllBytes().length);
		assertThat(length).isEqualTo(LENGTH);
	}

	private static void byAResult(PoolFixture pool, RestClient client, URI uri) throws Exception {
		try (InputStream body = client.get().uri(uri).retrieve().body(InputStream.class)) {
			assertThat(body).isNotNull();
			assertThat(body.readNBytes(LENGTH / 2)).hasSize(LENGTH / 2);
			Pause.of(PAUSE.multipliedBy(10));
			assertThat(body.readAllBytes()).hasSize(LENGTH / 2);
		}
	}

	private static void ignored(PoolFixture pool, RestClient client, URI uri) throws Exception {
		assertThat(pool.ignore(uri)).isEqualTo(200);
	}

	/**
	 * A way to hold a response.
	 */
	private interface Reading {

		void read(PoolFixture pool, RestClient client, URI uri) throws Exception;

	}

}
