package io.github.httppool.hc5.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.httppool.BodyTooLargeException;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolException;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.hc5.observe.Explanation;
import io.github.httppool.testing.Coding;
import io.github.httppool.testing.Framing;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the maximum size of a body.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyLimitTests {

	private static final int LIMIT = 2000;

	private static final String ERROR_PROPERTY = "http-pool.max-error-body";

	private static final String PROPERTY = "http-pool.max-body";

	/**
	 * Ways to read a body to its end. They return what was read before a failure, too.
	 */
	enum Reading {

		BYTE_BY_BYTE {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				InputStream body = entity.getContent();
				for (int next = body.read(); next != -1; next = body.read()) {
					seen.write(next);
				}
			}

		},

		SMALL_PARTS {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				byte[] bytes = new byte[10];
				InputStream body = entity.getContent();
				for (int read = body.read(bytes, 1, 7); read != -1; read = body.read(bytes, 1, 7)) {
					seen.write(bytes, 1, read);
					assertThat(body.read(bytes, 3, 0)).isZero();
				}
			}

		},

		LARGE_PARTS {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				byte[] bytes = new byte[100_000];
				InputStream body = entity.getContent();
				for (int read = body.read(bytes); read != -1; read = body.read(bytes)) {
					seen.write(bytes, 0, read);
				}
			}

		},

		WHAT_IS_AVAILABLE {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				InputStream body = entity.getContent();
				for (int next = body.read(); next != -1; next = body.read()) {
					seen.write(next);
					int available = body.available();
					assertThat(available).isBetween(0, Math.max(1, LIMIT - seen.size()));
					if (seen.size() < LIMIT) {
						seen.write(body.readNBytes(Math.min(available, 100)));
					}
				}
			}

		},

		SKIPPING {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				byte[] expected = content(2 * LIMIT);
				InputStream body = entity.getContent();
				for (int next = body.read(); next != -1; next = body.read()) {
					seen.write(next);
					int skipped = (int) body.skip(Math.min(10, LIMIT - seen.size()));
					seen.write(expected, seen.size(), skipped);
				}
			}

		},

		ALL_AT_ONCE {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				InputStream body = entity.getContent();
				seen.write(body.readNBytes(LIMIT - 1));
				seen.write(body.readNBytes(1));
				seen.write(body.readAllBytes());
			}

		},

		TRANSFER {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				InputStream body = entity.getContent();
				body.transferTo(seen);
			}

		},

		WRITE_TO {

			@Override
			void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException {
				entity.writeTo(seen);
			}

		};

		abstract void read(HttpEntity entity, ByteArrayOutputStream seen) throws IOException;

	}

	static List<Arguments> framingsAndCodings() {
		List<Arguments> all = new ArrayList<>();
		for (Framing framing : Framing.values()) {
			for (Coding coding : Coding.values()) {
				all.add(Arguments.of(Transport.PLAIN, framing, coding));
			}
			if (framing != Framing.END_OF_CONNECTION) {
				all.add(Arguments.of(Transport.TLS_1_2, framing, Coding.IDENTITY));
				all.add(Arguments.of(Transport.TLS_1_3, framing, Coding.GZIP));
			}
		}
		return all;
	}

	@ParameterizedTest
	@MethodSource("framingsAndCodings")
	void bodyUpToTheLimitIsReadAndALongerOneFailsThere(Transport transport, Framing framing, Coding coding)
			throws Exception {
		try (ScriptedUpstream upstream = transport.start(sized(framing, coding));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(LIMIT).maxBody(LIMIT))) {
			for (Reading reading : Reading.values()) {
				for (int status : new int[] { 200, 404, 503 }) {
					for (int size : new int[] { 0, 1, LIMIT - 1, LIMIT }) {
						assertThat(read(pool, upstream, reading, status, size)).as("%s of %s", reading, size).isNull();
					}
					for (int size : new int[] { LIMIT + 1, LIMIT + 2, 2 * LIMIT }) {
						assertThat(read(pool, upstream, reading, status, size)).as("%s of %s", reading, size)
							.isInstanceOf(BodyTooLargeException.class)
							.hasMessage(
									"The body of the response %d to GET /%d/%d from %s is longer than 2000 bytes %s (pool 'default'; %s)"
										.formatted(status, status, size, upstream.url(),
												(coding == Coding.IDENTITY) ? "on the wire" : "when decoded",
												(status == 200) ? PROPERTY : ERROR_PROPERTY));
					}
				}
			}
			if (framing != Framing.END_OF_CONNECTION) {
				assertThat(upstream.accepted()).isEqualTo(1);
				assertThat(pool.snapshot().totals().closed()).isEmpty();
			}
			else {
				assertThat(pool.snapshot().totals().closed()).containsOnlyKeys(CloseReason.SERVER_CLOSE);
			}
		}
	}

	private static IOException read(PoolFixture pool, ScriptedUpstream upstream, Reading reading, int status, int size)
			throws IOException {
		ByteArrayOutputStream seen = new ByteArrayOutputStream();
		CloseableHttpResponse response = pool
			.open(new HttpGet(upstream.uri("/" + status + "/" + size + "?secret=of-the-caller")));
		assertThat(response.getCode()).isEqualTo(status);
		IOException failure = null;
		try {
			reading.read(response.getEntity(), seen);
		}
		catch (IOException ex) {
			failure = ex;
			assertThatExceptionOfType(BodyTooLargeException.class).as("a read after the failed one")
				.isThrownBy(() -> reading.read(response.getEntity(), seen))
				.withMessage(ex.getMessage());
		}
		response.close();
		assertThat(pool.leased()).isZero();
		int most = (reading == Reading.ALL_AT_ONCE && failure != null) ? LIMIT : Math.min(size, LIMIT);
		assertThat(seen.toByteArray()).as("%s of %s", reading, size).isEqualTo(Arrays.copyOf(content(2 * LIMIT), most));
		return failure;
	}

	/**
	 * Each path consists of a status and a size.
	 */
	private static ScriptedUpstream.Script sized(Framing framing, Coding coding) {
		return (exchange) -> {
			String[] parts = exchange.path().split("[/?]");
			framing.send(exchange, Integer.parseInt(parts[1]), coding.encode(content(Integer.parseInt(parts[2]))),
					coding.field());
		};
	}

	/** The same beginning for all lengths, and short when compressed. */
	private static byte[] content(int length) {
		byte[] content = new byte[length];
		for (int i = 0; i < length; i++) {
			content[i] = (byte) ('a' + i % 23);
		}
		return content;
	}

	@Test
	void exceptionNamesPoolAndRoute() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("123"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(2))) {
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.satisfies((ex) -> {
					assertThat(ex).isInstanceOf(HttpPoolException.class);
					assertThat(ex.getPool()).isEqualTo("default");
					assertThat(ex.getRoute()).isEqualTo(upstream.url());
				});
		}
	}

	@ParameterizedTest
	@CsvSource({ "1000, 1000 bytes", "1024, 1KB", "102400, 100KB", "1048576, 1MB", "1572864, 1536KB" })
	void limitIsShownAsItIsConfigured(long limit, String text) {
		assertThat(Explanation.size(limit)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "404, 50, 100, 50, " + ERROR_PROPERTY, "404, 100, 50, 50, " + PROPERTY,
			"404, 50, 50, 50, " + ERROR_PROPERTY, "404, 0, 50, 50, " + PROPERTY, "404, 50, 0, 50, " + ERROR_PROPERTY,
			"404, 0, 0, -1,", "400, 50, 0, 50, " + ERROR_PROPERTY, "599, 50, 0, 50, " + ERROR_PROPERTY,
			"399, 50, 0, -1,", "200, 50, 100, 100, " + PROPERTY, "200, 100, 50, 50, " + PROPERTY, "200, 50, 0, -1,",
			"200, 0, 0, -1," })
	void smallestOfTheLimitsApplies(int status, long maxErrorBody, long maxBody, int expected, String property)
			throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CHUNKED, Coding.IDENTITY));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxErrorBody(maxErrorBody).maxBody(maxBody))) {
			if (expected < 0) {
				assertThat(pool.get(upstream.uri("/" + status + "/150"))).hasSize(150);
				return;
			}
			assertThat(pool.get(upstream.uri("/" + status + "/" + expected))).hasSize(expected);
			assertThatExceptionOfType(BodyTooLargeException.class)
				.isThrownBy(() -> pool.get(upstream.uri("/" + status + "/" + (expected + 1))))
				.withMessageContaining("longer than " + expected + " bytes")
				.withMessageContaining(property);
		}
	}

	@Test
	void onlyErrorsHaveALimitByDefaultAndItIsOneMegabyte() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CONTENT_LENGTH, Coding.IDENTITY));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/200/1048577"))).hasSize(1048577);
			assertThat(pool.get(upstream.uri("/500/1048576"))).hasSize(1048576);
			assertThatExceptionOfType(BodyTooLargeException.class)
				.isThrownBy(() -> pool.get(upstream.uri("/500/1048577")))
				.withMessageContaining("longer than 1MB on the wire");
		}
	}

	@Test
	void bodiesWithoutLimitAreNotWrapped() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CHUNKED, Coding.IDENTITY));
				PoolFixture defaults = PoolFixture.withDefaults();
				PoolFixture unlimited = PoolFixture.with((settings) -> settings.maxErrorBody(0))) {
			assertThat(isLimited(defaults, upstream, "/200/10")).isFalse();
			assertThat(isLimited(defaults, upstream, "/404/10")).isTrue();
			assertThat(isLimited(unlimited, upstream, "/404/10")).isFalse();
		}
	}

	private static boolean isLimited(PoolFixture pool, ScriptedUpstream upstream, String path) throws IOException {
		try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri(path)))) {
			return response.getEntity().getContent() instanceof LimitedBody;
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "CONTENT_LENGTH", "CHUNKED" })
	void callerThatReadsLessThanTheLimitOfALargerBodySucceeds(Framing framing) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(framing, Coding.IDENTITY));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(LIMIT))) {
			for (int read : new int[] { 0, 1, LIMIT }) {
				try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/200/" + 2 * LIMIT)))) {
					assertThat(response.getEntity().getContent().readNBytes(read)).hasSize(read);
				}
				assertThat(pool.leased()).isZero();
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(3);
		}
	}

	@Test
	void bodyThatIsKnownToBeTooLargeFailsAtTheLimitWithoutAnotherRead() throws Exception {
		ScriptedUpstream.Script script = (
				exchange) -> exchange.head(404, "Content-Length: 10000000").sendRaw(content(LIMIT)).stall();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(LIMIT))) {
			long started = System.nanoTime();
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
			assertThat(pool.drained(DrainOutcome.TOO_LARGE)).isEqualTo(1);
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.DRAIN_BYTES, 1L));
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IDENTITY", "GZIP" })
	void everyReadBeyondTheLimitFailsUntilTheBodyIsClosed(Coding coding) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CHUNKED, coding));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(LIMIT))) {
			for (int i = 0; i < 3; i++) {
				InputStream body = pool.open(new HttpGet(upstream.uri("/200/" + 2 * LIMIT))).getEntity().getContent();
				body.skipNBytes(LIMIT);
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(body::read);
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(body::read);
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> body.read(new byte[10]));
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> body.skip(1));
				assertThat(pool.leased()).isEqualTo(1);
				body.close();
				assertThat(pool.leased()).isZero();
				assertThatExceptionOfType(IOException.class).isThrownBy(body::read);
				body.close();
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			if (coding == Coding.IDENTITY) {
				// What is compressed may have come to its end before it is decoded.
				assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(3);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void endlessBodyFailsAndItsConnectionIsClosed(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> {
			exchange.head(500, "Transfer-Encoding: chunked");
			while (true) {
				exchange.chunk(new byte[16 * 1024]);
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(10)))) {
			for (int i = 1; i <= 3; i++) {
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
				assertThat(pool.leased()).isZero();
				assertThat(pool.closed(CloseReason.DRAIN_BYTES)).isEqualTo(i);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IDENTITY", "GZIP", "DEFLATE" })
	void otherFailuresAreUnchanged(Coding coding) throws Exception {
		byte[] body = coding.encode(noise(LIMIT / 2));
		ScriptedUpstream.Script script = (exchange) -> exchange
			.head(404, "Content-Length: " + body.length, coding.field())
			.sendRaw(Arrays.copyOf(body, body.length / 2))
			.reset();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(LIMIT))) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.isNotInstanceOf(HttpPoolException.class);
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.ERROR, 1L));
			assertThat(pool.leased()).isZero();
		}
	}

	private static byte[] noise(int length) {
		byte[] noise = new byte[length];
		new Random(length).nextBytes(noise);
		return noise;
	}

	@ParameterizedTest
	@EnumSource(names = { "GZIP", "DEFLATE", "RAW_DEFLATE" })
	void bodyThatIsLargerOnTheWireThanDecodedIsLimitedToo(Coding coding) throws Exception {
		byte[] content = noise(LIMIT);
		byte[] body = coding.encode(content);
		assertThat(body).hasSizeGreaterThan(LIMIT);
		for (Framing framing : Framing.values()) {
			try (ScriptedUpstream upstream = ScriptedUpstream
				.plain((exchange) -> framing.send(exchange, 404, body, coding.field()));
					PoolFixture exact = PoolFixture.with((settings) -> settings.maxErrorBody(body.length));
					PoolFixture smaller = PoolFixture.with((settings) -> settings.maxErrorBody(LIMIT))) {
				try (CloseableHttpResponse response = exact.open(new HttpGet(upstream.uri("/")))) {
					assertThat(EntityUtils.toByteArray(response.getEntity())).isEqualTo(content);
				}
				assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> smaller.get(upstream.uri("/")))
					.withMessageContaining("longer than 2000 bytes on the wire");
				assertThat(smaller.leased()).isZero();
				assertThat(smaller.drained(DrainOutcome.REUSED))
					.isEqualTo((framing != Framing.END_OF_CONNECTION) ? 1 : 0);
			}
		}
	}

	/**
	 * The JDK interprets a failure to read the head of a further member as the end.
	 */
	@Test
	void bodyOfSeveralGzipMembersIsNeverTruncatedSilently() throws Exception {
		byte[] part = Coding.GZIP.encode(noise(40));
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int i = 0; i < 3; i++) {
			body.writeBytes(part);
		}
		for (int limit = part.length - 1; limit <= body.size(); limit++) {
			int maxBody = limit;
			try (ScriptedUpstream upstream = ScriptedUpstream
				.plain((exchange) -> exchange.ok(body.toByteArray(), Coding.GZIP.field()));
					PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(maxBody));
					CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				if (limit < body.size()) {
					assertThatExceptionOfType(BodyTooLargeException.class).as("limit %s", limit)
						.isThrownBy(() -> response.getEntity().getContent().readAllBytes());
				}
				else {
					assertThat(response.getEntity().getContent().readAllBytes()).hasSize(120);
				}
			}
		}
	}

	@Test
	void bytesOfABodyThatIsNotDecodedAreCounted() throws Exception {
		byte[] body = Coding.GZIP.encode(content(10 * LIMIT));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(body, Coding.GZIP.field()));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(body.length).compression(false));
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(EntityUtils.toByteArray(response.getEntity())).isEqualTo(body);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void entityHasTheSamePropertiesWithAndWithoutLimit(boolean compressed) throws Exception {
		Coding coding = compressed ? Coding.GZIP : Coding.IDENTITY;
		ScriptedUpstream.Script script = (exchange) -> exchange
			.head(404, "Transfer-Encoding: chunked", "Trailer: Checksum", "Content-Type: text/plain", coding.field())
			.chunk(coding.encode(content(100)))
			.lastChunk("Checksum: abc");
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script)) {
			List<String> told = new ArrayList<>();
			for (long limit : new long[] { 0, LIMIT }) {
				try (PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(limit));
						CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
					HttpEntity entity = response.getEntity();
					told.add(entity.getContentLength() + " " + entity.getContentEncoding() + " "
							+ entity.getContentType() + " " + entity.isStreaming() + " " + entity.isChunked() + " "
							+ entity.isRepeatable() + " " + entity.getTrailerNames() + " "
							+ entity.getContent().markSupported());
					assertThat(entity.getContent().readAllBytes()).isEqualTo(content(100));
					entity.getContent().close();
					assertThat(entity.getTrailers().get()).extracting(Header::getName, Header::getValue)
						.containsExactly(tuple("Checksum", "abc"));
					assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
				}
			}
			assertThat(told.get(1)).isEqualTo(told.get(0));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IDENTITY", "GZIP" })
	void responseCanBeClosedWithoutDraining(Coding coding) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CONTENT_LENGTH, coding));
				PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/404/100")));
			response.close(CloseMode.IMMEDIATE);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.CANCELLED, 1L));
			assertThat(pool.snapshot().totals().drained()).isEmpty();
		}
	}

	@Test
	void bodyCanBeWrittenWithoutAStream() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CHUNKED, Coding.IDENTITY));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(LIMIT))) {
			pool.open(new HttpGet(upstream.uri("/200/" + LIMIT))).getEntity().writeTo(null);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
		}
	}

	@Test
	void bodiesThatHttpClientDiscardsHaveNoLimit() throws Exception {
		byte[] page = new byte[LIMIT];
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/from")) {
				exchange.status(302, page, "Location: /to");
			}
			else if (exchange.request().header("Authorization") == null) {
				exchange.status(401, page, "WWW-Authenticate: Basic realm=x");
			}
			else {
				exchange.ok("welcome");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(10).maxBody(10),
						BodyLimitTests::credentials)) {
			assertThat(pool.get(upstream.uri("/from"))).isEqualTo("welcome");
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(2);
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void exceptionAfterARedirectNamesTheSecondRequest() throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain(sized(Framing.CHUNKED, Coding.GZIP));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(302, "",
						"Location: " + target.url() + "/200/" + 2 * LIMIT + "?token=secret"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(LIMIT))) {
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/from")))
				.withMessageStartingWith("The body of the response 200 to GET /200/4000 from " + target.url() + " is ");
		}
	}

	@Test
	void responseOfAProxyThatRefusesATunnelIsNotRead() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			exchange.head(502, "Transfer-Encoding: chunked");
			while (true) {
				exchange.chunk(new byte[1000]);
			}
		});
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(100),
						(client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())))) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.open(new HttpGet("https://127.0.0.1:" + proxy.port() + "/")))
				.withMessageContaining("status 502");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void interceptorsOfCustomizersSeeLimitedBodies() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(sized(Framing.CHUNKED, Coding.GZIP));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(LIMIT),
						(client) -> client.addExecInterceptorFirst("reader", (request, scope, chain) -> {
							var response = chain.proceed(request, scope);
							response.getEntity().getContent().readAllBytes();
							return response;
						}))) {
			assertThatExceptionOfType(BodyTooLargeException.class)
				.isThrownBy(() -> pool.get(upstream.uri("/200/" + 2 * LIMIT)))
				.withMessageContaining("when decoded");
			assertThat(pool.leased()).isZero();
		}
	}

	private static void credentials(HttpClientBuilder client) {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		client.setDefaultCredentialsProvider(credentials);
	}

}
