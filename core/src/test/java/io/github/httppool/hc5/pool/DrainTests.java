package io.github.httppool.hc5.pool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the drain: what it reads, what it does not, and what becomes of the
 * connection.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTests {

	/** Where the time limit is not in question: machines stand still for 50 ms. */
	private static final Consumer<HttpPoolSettings.Builder> AT_LEISURE = (settings) -> settings
		.drainMaxTime(Duration.ofSeconds(5));

	private static final byte[] TWO_KILOBYTES = "0123456789abcdef".repeat(128).getBytes();

	@ParameterizedTest
	@EnumSource
	void ignoredBodyOfKnownLengthIsDrained(Transport transport) throws Exception {
		shouldBeDrained(transport, (exchange) -> exchange.ok(TWO_KILOBYTES));
	}

	@ParameterizedTest
	@EnumSource
	void ignoredBodyThatComesAfterItsHeadIsDrained(Transport transport) throws Exception {
		shouldBeDrained(transport,
				(exchange) -> exchange.head(200, "Content-Length: 2048")
					.after(Duration.ofMillis(5))
					.sendRaw(TWO_KILOBYTES));
	}

	@ParameterizedTest
	@EnumSource
	void ignoredBodyInChunksIsDrained(Transport transport) throws Exception {
		shouldBeDrained(transport,
				(exchange) -> exchange.head(200, "Transfer-Encoding: chunked")
					.chunk(TWO_KILOBYTES)
					.chunk(TWO_KILOBYTES)
					.lastChunk());
	}

	@ParameterizedTest
	@EnumSource
	void ignoredBodyWithTrailersAndExtensionsIsDrained(Transport transport) throws Exception {
		shouldBeDrained(transport,
				(exchange) -> exchange.head(200, "Transfer-Encoding: chunked", "Trailer: Checksum")
					.sendRaw("5;name=value;other=\"quoted\"\r\nhello\r\n")
					.sendRaw("0;last\r\nChecksum: abc\r\nOther: def\r\n\r\n"));
	}

	@ParameterizedTest
	@EnumSource
	void ignoredCompressedBodyIsDrained(Transport transport) throws Exception {
		byte[] compressed = gzip(TWO_KILOBYTES);
		shouldBeDrained(transport, (exchange) -> exchange.ok(compressed, "Content-Encoding: gzip"));
		shouldBeDrained(transport,
				(exchange) -> exchange.head(200, "Content-Encoding: gzip", "Transfer-Encoding: chunked")
					.chunk(compressed)
					.lastChunk());
	}

	@ParameterizedTest
	@EnumSource
	void bodyReadInPartIsDrained(Transport transport) throws Exception {
		byte[] compressed = gzip(TWO_KILOBYTES);
		ScriptedUpstream.Script script = (exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.ok(TWO_KILOBYTES);
				case "/gzip" -> exchange.ok(compressed, "Content-Encoding: gzip");
				default -> exchange.chunked("one", "two", "three");
			}
		};
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.with(AT_LEISURE)) {
			for (String path : List.of("/length", "/gzip", "/chunked")) {
				try (InputStream body = pool.open(new HttpGet(upstream.uri(path))).getEntity().getContent()) {
					assertThat(body.read()).isPositive();
				}
				assertThat(pool.leased()).isZero();
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
		}
	}

	private static byte[] gzip(byte[] content) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
			stream.write(content);
		}
		return bytes.toByteArray();
	}

	private static void shouldBeDrained(Transport transport, ScriptedUpstream.Script script) throws Exception {
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.with(AT_LEISURE)) {
			for (int i = 0; i < 10; i++) {
				assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(200);
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(10);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().closed()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void bodyKnownToBeTooLongIsNotRead(Transport transport) throws Exception {
		Drained drained = new Drained();
		try (ScriptedUpstream upstream = transport.start(Exchange::gigabyte);
				PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(20)),
						drained)) {
			long started = System.nanoTime();
			pool.ignore(upstream.uri("/"));
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
			assertThat(drained.events).containsExactly("TOO_LARGE 0");
			assertThat(drained.took).isBetween(0L, System.nanoTime() - started);
			assertThat(pool.closed(CloseReason.DRAIN_BYTES)).isEqualTo(1);
			Awaitility.await().until(() -> upstream.lastConnection().isClosedByClient());
		}
	}

	@ParameterizedTest
	@CsvSource({ "1000, 1000, 1000, REUSED", "1000, 1001, 0, TOO_LARGE", "0, 1, 0, TOO_LARGE",
			"1048576, 1048576, 1048576, REUSED", "1048576, 1048577, 0, TOO_LARGE" })
	void limitOfBytesIsExactForKnownLength(long limit, int length, long read, DrainOutcome outcome) throws Exception {
		limitOfBytesIsExact(limit, (exchange) -> exchange.ok(new byte[length]), outcome + " " + read);
	}

	@ParameterizedTest
	@CsvSource({ "1000, 1000, 1000, REUSED", "1000, 1001, 1001, TOO_LARGE", "0, 0, 0, REUSED", "0, 1, 1, TOO_LARGE",
			"1048576, 1048576, 1048576, REUSED", "1048576, 1048577, 1048577, TOO_LARGE" })
	void limitOfBytesIsExactForChunks(long limit, int length, long read, DrainOutcome outcome) throws Exception {
		limitOfBytesIsExact(limit, (exchange) -> {
			exchange.head(200, "Transfer-Encoding: chunked");
			if (length > 0) {
				exchange.chunk(new byte[length]);
			}
			exchange.lastChunk();
		}, outcome + " " + read);
	}

	private static void limitOfBytesIsExact(long limit, ScriptedUpstream.Script script, String event) throws Exception {
		Drained drained = new Drained();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.drainMaxBytes(limit).drainMaxTime(Duration.ofSeconds(20)), drained)) {
			pool.ignore(upstream.uri("/"));
			assertThat(drained.events).containsExactly(event);
			boolean reused = event.startsWith("REUSED");
			assertThat(pool.snapshot().connections().idle()).isEqualTo(reused ? 1 : 0);
			assertThat(pool.closed(CloseReason.DRAIN_BYTES)).isEqualTo(reused ? 0 : 1);
		}
	}

	@Test
	void lengthThatIsReadBeforeTheCloseDoesNotCount() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[5000]));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.drainMaxBytes(1000).drainMaxTime(Duration.ofSeconds(20)))) {
			try (InputStream body = pool.open(new HttpGet(upstream.uri("/"))).getEntity().getContent()) {
				assertThat(body.readNBytes(4000)).hasSize(4000);
			}
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(1);
		}
	}

	@Test
	void withoutTimeOnlyWhatIsThereAlreadyIsDrained() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/there")) {
				exchange.ok("there already");
			}
			else {
				exchange.head(200, "Content-Length: 5").stall();
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ZERO))) {
			pool.ignore(upstream.uri("/there"));
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(1);
			pool.ignore(upstream.uri("/later"));
			assertThat(pool.drained(DrainOutcome.TOO_SLOW)).isEqualTo(1);
			assertThat(pool.closed(CloseReason.DRAIN_TIME)).isEqualTo(1);
		}
	}

	@Test
	void brokenBodyIsNeitherReusedNorAnErrorOfClose() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Transfer-Encoding: chunked").sendRaw("3\r\nabcNOT A CHUNK\r\n");
			exchange.stall();
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(30)))) {
			pool.ignore(upstream.uri("/"));
			assertThat(pool.drained(DrainOutcome.FAILED)).isEqualTo(1);
			assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.0 200 OK\r\n\r\nbody", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody",
			"HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\nbody",
			"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody",
			"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n" })
	void connectionThatTheServerClosesIsNotKept(String answer) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			exchange.sendRaw(answer);
			exchange.close();
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("body");
			pool.ignore(upstream.uri("/"));
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(2);
			assertThat(pool.snapshot().totals().drained()).isEmpty();
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void endlessBodyOfAConnectionThatIsLostAnywayIsNotRead() throws Exception {
		Drained drained = new Drained();
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Connection: close").drip("x", Duration.ofMillis(5)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(20)),
						drained)) {
			pool.ignore(upstream.uri("/"));
			assertThat(drained.events).isEmpty();
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(1);
			Awaitility.await().until(() -> upstream.lastConnection().isClosedByClient());
		}
	}

	@Test
	void http10WithKeepAliveIsReused() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange
			.sendRaw("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nbody"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("body");
			pool.ignore(upstream.uri("/"));
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("body");
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	/**
	 * The watch of each drain fires at about the moment at which the drain ends.
	 */
	@Test
	void deadlineOfADrainThatJustMadeItDoesNotHitTheNextExchange() throws Exception {
		int calls = 400;
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/slow")) {
				int number = exchange.request().header("X-Number").hashCode();
				exchange.head(200, "Content-Length: 1");
				long end = System.nanoTime() + 1_900_000 + (number % 20) * 20_000;
				while (System.nanoTime() < end) {
					Thread.onSpinWait();
				}
				exchange.sendRaw("x");
			}
			else {
				exchange.head(200, "Content-Length: 2").after(Duration.ofMillis(1)).sendRaw("ok");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofMillis(2)))) {
			for (int i = 0; i < calls; i++) {
				HttpGet slow = new HttpGet(upstream.uri("/slow"));
				slow.setHeader("X-Number", Integer.toString(i));
				try (CloseableHttpResponse response = pool.open(slow)) {
					assertThat(response.getCode()).isEqualTo(200);
				}
				assertThat(pool.get(upstream.uri("/next"))).isEqualTo("ok");
			}
			assertThat(pool.drained(DrainOutcome.REUSED) + pool.drained(DrainOutcome.TOO_SLOW)).isEqualTo(calls);
			assertThat(pool.closed(CloseReason.DRAIN_TIME)).isEqualTo(pool.drained(DrainOutcome.TOO_SLOW));
			assertThat(upstream.accepted()).isLessThanOrEqualTo(1 + (int) pool.drained(DrainOutcome.TOO_SLOW));
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * Remembers outcomes and bytes, and the last time.
	 */
	private static final class Drained implements HttpPoolListener {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private volatile long took = -1;

		@Override
		public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
			this.took = tookNanos;
			this.events.add(outcome + " " + bytes);
		}

	}

}
