package io.github.httppool.hc5.http1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.RequestBodyLengthException;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedEntity;
import io.github.httppool.testing.StrictServer;
import io.github.httppool.testing.StrictServer.Message;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.GzipCompressingEntity;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that a server never takes an incomplete request for a complete one, and never
 * takes its rest for the next request.
 */
@Tag("waiting")
@Timeout(60)
class BrokenRequestTests {

	private static final int LARGE = 300_000;

	/**
	 * What may break, by where: at once, in the first buffer, far behind it.
	 */
	enum Failure {

		IO {

			@Override
			Throwable thrown() {
				return new IOException("the source broke");
			}

		},

		TIMEOUT {

			@Override
			Throwable thrown() {
				return new SocketTimeoutException("the source timed out");
			}

		},

		RUNTIME {

			@Override
			Throwable thrown() {
				return new IllegalStateException("the source broke");
			}

		},

		ERROR {

			@Override
			Throwable thrown() {
				return new StackOverflowError("the source broke");
			}

		};

		abstract Throwable thrown();

	}

	record Case(boolean tls, Failure failure, int before, long declared, boolean expect) {

		@Override
		public String toString() {
			return (this.tls ? "TLS, " : "plain, ") + this.failure + " after " + this.before + " bytes of "
					+ ((this.declared < 0) ? "chunks" : this.declared) + (this.expect ? ", Expect" : "");
		}

	}

	static Stream<Case> failures() {
		return Stream.of(false, true)
			.flatMap((tls) -> Stream.of(Failure.values())
				.flatMap((failure) -> Stream.of(0, 10, LARGE)
					.flatMap((before) -> Stream.of(-1L, before + 1L, Math.max(1L, before))
						.flatMap((declared) -> Stream.of(false, true)
							.map((expect) -> new Case(tls, failure, before, declared, expect))))));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void aBodyThatFailsIsNeverSeenAsWhole(Case broken) throws Exception {
		Throwable thrown = broken.failure().thrown();
		try (StrictServer server = StrictServer.start(broken.tls()); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new ScriptedEntity(broken.declared(), (out) -> {
				out.write(new byte[broken.before()]);
				sneakyThrow(thrown);
			}));
			if (broken.expect()) {
				request.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			}
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode())).isSameAs(thrown);
			assertBroken(server, pool);
		}
	}

	@Test
	void closingTheStreamAfterAFailureDoesNotCompleteTheBody() throws Exception {
		for (long declared : new long[] { -1, 5 }) {
			try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
				warm(pool, server);
				HttpPost request = new HttpPost(server.uri("/broken"));
				request.setEntity(new ScriptedEntity(declared, (out) -> {
					try (out) {
						out.write("[1,2]".getBytes(StandardCharsets.US_ASCII));
						out.flush();
						throw new IOException("broke");
					}
				}));
				assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
					.hasMessage("broke");
				assertBroken(server, pool);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 9, 10_000, 1_000_000 })
	void aLengthThatIsNotKeptFailsWithBothNumbers(long declared) throws Exception {
		for (boolean tls : new boolean[] { false, true }) {
			for (long written : new long[] { 0, 8, 10, 9_999, 999_999, 1_000_001 }) {
				for (int piece : new int[] { 1_000, 2_000_000 }) {
					if (written != declared) {
						assertLengthKept(tls, declared, written, piece);
					}
				}
			}
		}
	}

	private void assertLengthKept(boolean tls, long declared, long written, int piece) throws Exception {
		try (StrictServer server = StrictServer.start(tls); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new ScriptedEntity(declared, (out) -> {
				for (long left = written; left > 0; left -= piece) {
					out.write(new byte[(int) Math.min(left, piece)]);
				}
			}));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.as("%d of %d", written, declared)
				.isInstanceOf(RequestBodyLengthException.class)
				.hasMessageContaining("POST /broken")
				.hasMessageContaining(declared + " bytes are declared")
				.hasMessageContaining((written < declared) ? written + " were written" : "at least ")
				.hasMessageContaining("pool 'default'");
			assertThat(server.messages()).filteredOn((message) -> message.path().equals("/broken"))
				.allSatisfy((message) -> assertThat(message.body().length).isLessThan((int) Math.max(declared, 1)));
			assertBroken(server, pool);
		}
	}

	@Test
	void entityThatSwallowsAWriteFailureIsNotSeenAsWhole() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new ScriptedEntity(5, (out) -> {
				try (out) {
					out.write(new byte[10]);
				}
				catch (IOException ex) {
					// As some do.
				}
			}));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(RequestBodyLengthException.class)
				.hasMessageContaining("5 bytes are declared")
				.hasMessageContaining("10 were written");
			assertBroken(server, pool);
		}
	}

	@Test
	void entityThatChangesItsLengthMustKeepTheSentOne() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new ScriptedEntity(4, (out) -> out.write(new byte[6])) {

				private int asked;

				@Override
				public long getContentLength() {
					return (this.asked++ < 2) ? 4 : 6;
				}

			});
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(RequestBodyLengthException.class)
				.hasMessageContaining("4 bytes are declared");
			assertBroken(server, pool);
		}
	}

	@Test
	void aFailingTrailerLeavesTheLastChunkOpen() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new ScriptedEntity(-1, (out) -> out.write(new byte[6])) {

				@Override
				public Supplier<List<? extends Header>> getTrailers() {
					return () -> {
						throw new IllegalStateException("no trailer");
					};
				}

			});
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.hasMessage("no trailer");
			assertBroken(server, pool);
		}
	}

	@Test
	void contradictoryHeadIsNotSent() throws Exception {
		assertRefused((request, entity, context) -> request.addHeader(HttpHeaders.TRANSFER_ENCODING, "chunked"),
				new StringEntity("hello"), "Content-Length of 5");
		assertRefused((request, entity, context) -> request.addHeader(HttpHeaders.CONTENT_LENGTH, "6"),
				new StringEntity("hello"), "Multiple Content-Length");
		assertRefused((request, entity, context) -> request.setHeader(HttpHeaders.CONTENT_LENGTH, "+5"),
				new StringEntity("hello"), "Invalid content length: +5");
		assertRefused((request, entity, context) -> request.setHeader(HttpHeaders.CONTENT_LENGTH, "-5"),
				new StringEntity("hello"), "-5");
		assertRefused((request, entity, context) -> request.addHeader(HttpHeaders.CONTENT_LENGTH, "5"), null,
				"Content-Length: 5");
		assertRefused((request, entity, context) -> request.addHeader(HttpHeaders.TRANSFER_ENCODING, "chunked"), null,
				"Transfer-Encoding: chunked");
	}

	private void assertRefused(HttpRequestInterceptor interceptor, HttpEntity entity, String message) throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.addRequestInterceptorLast((request, body, context) -> {
			if (request.getPath().equals("/broken")) {
				interceptor.process(request, body, context);
			}
		}))) {
			warm(pool, server);
			HttpUriRequestBase request = new HttpUriRequestBase((entity != null) ? "POST" : "GET",
					server.uri("/broken"));
			request.setEntity(entity);
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode())).rootCause()
				.isInstanceOf(ProtocolException.class)
				.hasMessageContaining(message);
			assertNextIsServed(server, pool);
			assertThat(server.messages()).extracting(Message::path).doesNotContain("/broken");
		}
	}

	@Test
	void lengthThatAnInterceptorSetsIsUsed() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.addRequestInterceptorLast((request, body, context) -> {
			if (request.getPath().equals("/broken")) {
				request.setHeader(HttpHeaders.CONTENT_LENGTH, "7");
			}
		}))) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new StringEntity("hello"));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(RequestBodyLengthException.class)
				.hasMessageContaining("7 bytes are declared, and 5 were written");
			assertBroken(server, pool);
		}
	}

	@Test
	void aCompressedBodyThatFailsHasNoEnd() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPost request = new HttpPost(server.uri("/broken"));
			request.setEntity(new GzipCompressingEntity(new ScriptedEntity(-1, (out) -> {
				out.write(new byte[LARGE]);
				throw new IOException("broke");
			})));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.hasMessage("broke");
			assertBroken(server, pool);
			HttpPost whole = new HttpPost(server.uri("/whole"));
			whole.setEntity(new GzipCompressingEntity(new StringEntity("hello")));
			assertThat(status(pool, whole)).isEqualTo(200);
		}
	}

	/**
	 * A body that is repeated for another address or attempt begins anew.
	 */
	@Test
	void aRepeatedBodyIsHeldToItsLengthEachTime() throws Exception {
		try (StrictServer server = StrictServer.start(false, (peer) -> {
			if (peer.path().equals("/redirect")) {
				peer.read(5);
				peer.send("HTTP/1.1 307 Moved\r\nLocation: /broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
				return false;
			}
			return true;
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			int[] times = new int[1];
			HttpPost request = new HttpPost(server.uri("/redirect"));
			request.setEntity(new ScriptedEntity(5, (out) -> out.write(new byte[(times[0]++ == 0) ? 5 : 3])));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(RequestBodyLengthException.class)
				.hasMessageContaining("5 bytes are declared, and 3 were written");
			assertBroken(server, pool);
		}
	}

	// Spring, with the JDK's client beside it, which is right in all of it

	/**
	 * The ways in which Spring writes a body that breaks.
	 */
	enum SpringBody {

		STREAMED {

			@Override
			Object call(RestClient client) {
				return client.post().uri("/broken").body((out) -> {
					out.write(new byte[LARGE]);
					out.flush();
					throw new IOException("broke");
				}).retrieve().toBodilessEntity();
			}

		},

		RESOURCE {

			@Override
			Object call(RestClient client) {
				return client.post()
					.uri("/broken")
					.contentType(MediaType.APPLICATION_OCTET_STREAM)
					.body(new InputStreamResource(brokenStream()))
					.retrieve()
					.toBodilessEntity();
			}

		},

		JSON {

			@Override
			Object call(RestClient client) {
				return client.post()
					.uri("/broken")
					.contentType(MediaType.APPLICATION_JSON)
					.body(List.of("x".repeat(20_000), new BrokenBean()))
					.retrieve()
					.toBodilessEntity();
			}

		},

		MULTIPART {

			@Override
			Object call(RestClient client) {
				MultiValueMap<String, Object> parts = new LinkedMultiValueMap<>();
				parts.add("first", new ByteArrayResource(new byte[20_000]));
				parts.add("second", new InputStreamResource(brokenStream()));
				return client.post()
					.uri("/broken")
					.contentType(MediaType.MULTIPART_FORM_DATA)
					.body(parts)
					.retrieve()
					.toBodilessEntity();
			}

		},

		TOO_SHORT {

			@Override
			Object call(RestClient client) {
				return client.post()
					.uri("/broken")
					.contentLength(LARGE)
					.body((StreamingHttpOutputMessage.Body) (out) -> out.write(new byte[LARGE - 1]))
					.retrieve()
					.toBodilessEntity();
			}

		},

		TOO_LONG {

			@Override
			Object call(RestClient client) {
				return client.post()
					.uri("/broken")
					.contentLength(LARGE)
					.body((StreamingHttpOutputMessage.Body) (out) -> out.write(new byte[LARGE + 1]))
					.retrieve()
					.toBodilessEntity();
			}

		};

		abstract Object call(RestClient client);

	}

	@ParameterizedTest
	@EnumSource
	void springsBodiesThatBreakAreSeenAsBrokenAsWithTheJdksClient(SpringBody body) throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertBroken(body, new HttpComponentsClientHttpRequestFactory(pool.client));
			soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
		}
		assertBroken(body,
				new JdkClientHttpRequestFactory(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()));
	}

	private void assertBroken(SpringBody body, ClientHttpRequestFactory factory) throws Exception {
		try (StrictServer server = StrictServer.start(false)) {
			RestClient client = RestClient.builder().requestFactory(factory).baseUrl(server.uri("").toString()).build();
			assertThat(catchThrowable(() -> body.call(client))).as("failure with %s", factory).isNotNull();
			assertThat(client.get().uri("/next").retrieve().body(String.class)).isEqualTo("0");
			if (body != SpringBody.TOO_LONG) {
				// Of one that is written at once and too long nothing may ever leave.
				soon().until(() -> server.messages().size() == 2);
			}
			assertThat(server.messages()).as("with %s", factory)
				.filteredOn((message) -> message.path().equals("/broken"))
				.allMatch(Message::isBroken);
			assertThat(server.flaws()).isEmpty();
		}
	}

	@Test
	void bufferedBodyThatFailsIsNotSentAtAll() throws Exception {
		try (StrictServer server = StrictServer.start(false); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpComponentsClientHttpRequestFactory factory = new HttpComponentsClientHttpRequestFactory(pool.client);
			RestTemplate buffering = new RestTemplate(new BufferingClientHttpRequestFactory(factory));
			RestTemplate intercepted = new RestTemplate(factory);
			intercepted.getInterceptors().add((request, body, execution) -> execution.execute(request, body));
			for (RestTemplate template : List.of(buffering, intercepted)) {
				assertThat(catchThrowable(() -> template.execute(server.uri("/broken"), HttpMethod.POST, (request) -> {
					request.getBody().write(new byte[10]);
					throw new IOException("broke");
				}, null))).hasMessageContaining("broke");
			}
			assertNextIsServed(server, pool);
			assertThat(server.messages()).extracting(Message::path).doesNotContain("/broken");
		}
	}

	// What they have in common

	private static void warm(PoolFixture pool, StrictServer server) throws IOException {
		assertThat(status(pool, new HttpGet(server.uri("/before")))).isEqualTo(200);
	}

	private static void assertBroken(StrictServer server, PoolFixture pool) throws Exception {
		soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
		soon().until(() -> pool.pool.snapshot().totals().closed().getOrDefault(CloseReason.ERROR, 0L) == 1);
		assertThat(pool.pool.snapshot().totals().closed()).doesNotContainKey(CloseReason.STALE);
		assertNextIsServed(server, pool);
		// Nothing of it may have left, as of a body that breaks before the first buffer.
		assertThat(server.messages()).filteredOn((message) -> message.path().equals("/broken"))
			.hasSizeLessThanOrEqualTo(1)
			.noneMatch(Message::isWhole);
	}

	private static void assertNextIsServed(StrictServer server, PoolFixture pool) throws Exception {
		HttpPost next = new HttpPost(server.uri("/next"));
		next.setEntity(new StringEntity("next", ContentType.TEXT_PLAIN));
		assertThat(status(pool, next)).isEqualTo(200);
		assertThat(server.flaws()).isEmpty();
		assertThat(server.messages()).filteredOn(Message::isWhole)
			.allMatch((message) -> !message.path().equals("/next") || message.text().equals("next"));
	}

	static int status(PoolFixture pool, ClassicHttpRequest request) throws IOException {
		return Integer.parseInt(statusAndText(pool, request).substring(0, 3));
	}

	static String text(PoolFixture pool, ClassicHttpRequest request) throws IOException {
		return statusAndText(pool, request).substring(4);
	}

	static String statusAndText(PoolFixture pool, ClassicHttpRequest request) throws IOException {
		return pool.client.execute(request, (response) -> response.getCode() + " "
				+ ((response.getEntity() != null) ? EntityUtils.toString(response.getEntity()) : ""));
	}

	private static InputStream brokenStream() {
		return new InputStream() {

			private final InputStream half = new ByteArrayInputStream(new byte[20_000]);

			@Override
			public int read() throws IOException {
				int next = this.half.read();
				if (next < 0) {
					throw new IOException("broke");
				}
				return next;
			}

		};
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
		throw (T) thrown;
	}

	/**
	 * Fails where it is turned into JSON.
	 */
	static final class BrokenBean {

		public String getName() {
			return "name";
		}

		public String getValue() {
			throw new IllegalStateException("broke");
		}

	}

}
