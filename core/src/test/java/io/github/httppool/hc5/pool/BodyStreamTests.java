package io.github.httppool.hc5.pool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the streams of bodies, as applications use and misuse them.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyStreamTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void trailersStayReadable(boolean compressed) throws Exception {
		byte[] content = "some text".repeat(100).getBytes();
		ScriptedUpstream.Script script = (exchange) -> exchange
			.head(200, "Transfer-Encoding: chunked", "Trailer: Checksum",
					compressed ? "Content-Encoding: gzip" : "Content-Encoding: identity")
			.chunk(compressed ? gzip(content) : content)
			.lastChunk("Checksum: abc");
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			HttpEntity entity = response.getEntity();
			assertThat(entity.getContent().readAllBytes()).isEqualTo(content);
			// A decoder stops at the end of its data, before the trailers.
			entity.getContent().close();
			assertThat(entity.getTrailers()).isNotNull();
			assertThat(entity.getTrailers().get()).extracting(Header::getName, Header::getValue)
				.containsExactly(tuple("Checksum", "abc"));
		}
	}

	private static byte[] gzip(byte[] content) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
			stream.write(content);
		}
		return bytes.toByteArray();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/length", "/chunked" })
	void streamThatIsReadToItsEndGivesTheConnectionBackWithoutClose(String path) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 3; i++) {
				InputStream body = pool.open(new HttpGet(upstream.uri(path))).getEntity().getContent();
				assertThat(body.readAllBytes()).asString().isEqualTo("onetwothree");
				assertThat(pool.leased()).isZero();
				assertThat(body.read()).isEqualTo(-1);
				body.close();
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.snapshot().totals().drained()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/length", "/chunked" })
	void streamThatIsReadByteByByteHasAllOfTheBody(String path) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.withDefaults()) {
			InputStream body = pool.open(new HttpGet(upstream.uri(path))).getEntity().getContent();
			StringBuilder text = new StringBuilder();
			for (int next = body.read(); next != -1; next = body.read()) {
				text.append((char) next);
			}
			assertThat(text).hasToString("onetwothree");
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * A request executor of the user's reads below all of HttpClient's own streams.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "/length", "/chunked", "/until-close" })
	void endOfABodyIsReadAgainAndAgain(String path) throws Exception {
		List<Integer> ends = new CopyOnWriteArrayList<>();
		HttpRequestExecutor executor = new HttpRequestExecutor() {

			@Override
			public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
					HttpResponseInformationCallback callback, HttpContext context) throws IOException, HttpException {
				ClassicHttpResponse response = super.execute(request, connection, callback, context);
				InputStream body = response.getEntity().getContent();
				assertThat(body.readAllBytes()).asString().isEqualTo("onetwothree");
				ends.addAll(List.of(body.read(), body.read(new byte[10]), body.read()));
				return response;
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.setRequestExecutor(executor))) {
			assertThat(pool.get(upstream.uri(path))).isEmpty();
			assertThat(ends).containsExactly(-1, -1, -1);
			pool.assertConnections(1, path.equals("/until-close") ? Map.of(CloseReason.SERVER_CLOSE, 1L) : Map.of());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/length", "/chunked" })
	void closeAndCloseAgainGivesTheConnectionBackOnce(String path) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse first = pool.open(new HttpGet(upstream.uri(path)));
			InputStream body = first.getEntity().getContent();
			assertThat(body.read()).isEqualTo('o');
			body.close();
			body.close();
			assertThat(pool.leased()).isZero();
			CloseableHttpResponse second = pool.open(new HttpGet(upstream.uri(path)));
			// The connection belongs to somebody else now.
			body.close();
			first.close();
			first.close();
			assertThatIOException().isThrownBy(body::read);
			assertThat(pool.leased()).isEqualTo(1);
			assertThat(second.getEntity().getContent().readAllBytes()).asString().isEqualTo("onetwothree");
			second.close();
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	private static void answer(Exchange exchange) throws Exception {
		switch (exchange.path()) {
			case "/length" -> exchange.ok("onetwothree");
			case "/chunked" -> exchange.chunked("one", "two", "three");
			case "/until-close" -> exchange.head(200, "Connection: close").sendRaw("onetwothree").close();
			default -> exchange.status(404, "");
		}
	}

	@ParameterizedTest
	@CsvSource({ "PLAIN, true", "PLAIN, false", "TLS_1_2, true", "TLS_1_2, false", "TLS_1_3, true", "TLS_1_3, false" })
	void closeByAnotherThreadThanTheOneThatReadsAborts(Transport transport, boolean response) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange.head(200, "Content-Length: 100").sendRaw("x").stall();
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse open = pool.open(new HttpGet(upstream.uri("/")));
			InputStream body = open.getEntity().getContent();
			assertThat(body.read()).isEqualTo('x');
			FutureTask<Integer> read = new FutureTask<>(body::read);
			Thread reader = new Thread(read);
			reader.start();
			Awaitility.await().until(() -> isReading(reader));
			long started = System.nanoTime();
			if (response) {
				open.close();
			}
			else {
				body.close();
			}
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
			assertThatReadFailed(read);
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.CANCELLED)).isEqualTo(1);
			assertThat(pool.snapshot().totals().closed()).hasSize(1);
		}
	}

	private static boolean isReading(Thread thread) {
		for (StackTraceElement element : thread.getStackTrace()) {
			if (element.getClassName().startsWith("sun.nio.ch") && element.getMethodName().contains("ead")) {
				return true;
			}
		}
		return false;
	}

	private static void assertThatReadFailed(Future<Integer> read) {
		assertThat(read).failsWithin(Duration.ofSeconds(5)).withThrowableThat().withCauseInstanceOf(IOException.class);
	}

	@ParameterizedTest
	@EnumSource
	void readAndCloseAtTheSameTimeNeverLeaveALease(Transport transport) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/next")) {
				exchange.ok("next");
				return;
			}
			exchange.head(200, "Transfer-Encoding: chunked");
			for (int i = 0; i < 20; i++) {
				exchange.chunk(new byte[100]);
			}
			exchange.lastChunk();
		};
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 300; i++) {
				InputStream body = pool.open(new HttpGet(upstream.uri("/"))).getEntity().getContent();
				FutureTask<Integer> read = new FutureTask<>(() -> readAll(body));
				new Thread(read).start();
				long until = System.nanoTime() + (i % 100) * 5_000L;
				while (System.nanoTime() < until) {
					Thread.onSpinWait();
				}
				body.close();
				assertThat(read.get(5, TimeUnit.SECONDS)).isLessThanOrEqualTo(2000);
				assertThat(pool.leased()).isZero();
				assertThat(pool.get(upstream.uri("/next"))).isEqualTo("next");
			}
			// The second where HttpClient disconnects at the end that the other thread
			// read,
			// the third where the machine did something else in the middle of a drain.
			assertThat(pool.snapshot().totals().closed().keySet()).isSubsetOf(CloseReason.CANCELLED,
					CloseReason.SERVER_CLOSE, CloseReason.DRAIN_TIME);
		}
	}

	private static int readAll(InputStream body) {
		try {
			return body.readAllBytes().length;
		}
		catch (IOException ex) {
			return -1;
		}
	}

	@ParameterizedTest
	@EnumSource
	void closeDoesNotRepeatTheErrorOfARead(Transport transport) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			exchange.head(200, "Content-Length: 100").sendRaw("x");
			if (exchange.path().equals("/stall")) {
				exchange.stall();
			}
			exchange.reset();
		};
		try (ScriptedUpstream upstream = transport.start(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofMillis(200)))) {
			for (String path : new String[] { "/reset", "/stall" }) {
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri(path)));
				InputStream body = response.getEntity().getContent();
				assertThatIOException().isThrownBy(body::readAllBytes);
				body.close();
				response.close();
				assertThat(pool.leased()).isZero();
			}
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.ERROR, (long) 2));
		}
	}

	@Test
	void closeOfAResponseDrainsAsTheCloseOfItsStreamDoes() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.withDefaults()) {
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/chunked")))) {
				assertThat(response.getEntity().getContent().read()).isEqualTo('o');
			}
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
		}
	}

	@Test
	void bodyThatIsWrittenToAStreamGivesTheConnectionBack() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BodyStreamTests::answer);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (String path : new String[] { "/length", "/chunked" }) {
				ByteArrayOutputStream output = new ByteArrayOutputStream();
				pool.open(new HttpGet(upstream.uri(path))).getEntity().writeTo(output);
				assertThat(output).hasToString("onetwothree");
				assertThat(pool.leased()).isZero();
			}
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/length, true", "/length, false", "/chunk, true", "/chunk, false", "/between, true",
			"/between, false" })
	void truncatedBodyIsAnErrorAndItsConnectionIsNotReused(String path, boolean byteByByte) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.head(200, "Content-Length: 10").sendRaw("12345");
				case "/chunk" -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("a\r\n12345");
				default -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5\r\n12345\r\n");
			}
			exchange.close();
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 1; i <= 2; i++) {
				InputStream body = pool.open(new HttpGet(upstream.uri(path))).getEntity().getContent();
				assertThatIOException().isThrownBy(() -> {
					while (byteByByte ? body.read() != -1 : body.read(new byte[100]) != -1) {
						assertThat(body.available()).isNotNegative();
					}
				});
				body.close();
				assertThat(upstream.accepted()).isEqualTo(i);
				assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.ERROR, (long) i));
				assertThat(pool.leased()).isZero();
			}
		}
	}

}
