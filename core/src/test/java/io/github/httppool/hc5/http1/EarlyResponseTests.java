package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedEntity;
import io.github.httppool.testing.StrictServer;
import io.github.httppool.testing.StrictServer.Message;
import io.github.httppool.testing.StrictServer.Peer;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.config.RequestConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests that a response reaches the caller although the server sends it before it has
 * read the request (RFC 9112 section 9.5).
 */
@Tag("waiting")
@Timeout(60)
class EarlyResponseTests {

	private static final String ANSWER = "HTTP/1.1 %d Early\r\nContent-Length: 6\r\n\r\nanswer";

	/**
	 * How a server ends that answers early.
	 */
	enum End {

		CLOSE {

			@Override
			boolean end(Peer peer) {
				return false;
			}

		},

		HALF_CLOSE_AND_DRAIN {

			@Override
			boolean end(Peer peer) throws IOException {
				peer.halfClose();
				peer.drain();
				return false;
			}

		},

		READ_A_LITTLE_AND_RESET {

			@Override
			boolean end(Peer peer) throws IOException {
				peer.read(10);
				// The answer goes out before the reset.
				pause(50);
				peer.reset();
				return false;
			}

		},

		KEEP_OPEN_AND_DRAIN {

			@Override
			boolean end(Peer peer) throws IOException {
				peer.drain();
				return false;
			}

		};

		abstract boolean end(Peer peer) throws IOException;

	}

	record Case(boolean tls, End end, int status, boolean chunks, int piece, boolean expect) {

		@Override
		public String toString() {
			return (this.tls ? "TLS, " : "plain, ") + this.status + ", " + this.end + ", "
					+ (this.chunks ? "chunks" : "length") + " by " + this.piece + (this.expect ? ", Expect" : "");
		}

	}

	static Stream<Case> cases() {
		List<Case> cases = new ArrayList<>();
		for (boolean tls : new boolean[] { false, true }) {
			for (End end : End.values()) {
				for (boolean chunks : new boolean[] { false, true }) {
					for (int piece : new int[] { 1000, 8_000_000 }) {
						cases.add(new Case(tls, end, piece == 1000 ? 413 : 401, chunks, piece, false));
						cases.add(new Case(tls, end, piece == 1000 ? 409 : 503, chunks, piece, true));
					}
				}
			}
		}
		return cases.stream();
	}

	@ParameterizedTest
	@MethodSource("cases")
	void theAnswerIsDeliveredAndTheUploadStops(Case early) throws Exception {
		AtomicLong written = new AtomicLong();
		long size = 64_000_000;
		try (StrictServer server = StrictServer.start(early.tls(), (peer) -> {
			if (!peer.path().equals("/early")) {
				return true;
			}
			peer.send(ANSWER.formatted(early.status()));
			return early.end().end(peer);
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpPut request = new HttpPut(server.uri("/early"));
			request.setEntity(new ScriptedEntity(early.chunks() ? -1 : size, (out) -> {
				byte[] piece = new byte[early.piece()];
				for (long left = size; left > 0; left -= piece.length) {
					out.write(piece, 0, (int) Math.min(left, piece.length));
					written.addAndGet(piece.length);
				}
			}));
			if (early.expect()) {
				request.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			}
			assertThat(BrokenRequestTests.statusAndText(pool, request)).isEqualTo(early.status() + " answer");
			assertThat(written.get()).isLessThan(size);
			assertCutOff(pool, server);
		}
	}

	/**
	 * Whether the whole was in the socket when the answer came is a matter of luck.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 10, 5_000, 60_000, 200_000 })
	void aSmallBodyMayBeSentWholeAndIsAnsweredAllTheSame(int size) throws Exception {
		for (int i = 0; i < 20; i++) {
			try (StrictServer server = StrictServer.start(i % 2 == 0, (peer) -> {
				if (!peer.path().equals("/early")) {
					return true;
				}
				peer.send(ANSWER.formatted(413));
				return false;
			}); PoolFixture pool = PoolFixture.withDefaults()) {
				warm(pool, server);
				HttpPut request = new HttpPut(server.uri("/early"));
				request.setEntity(new ScriptedEntity(size, (out) -> out.write(new byte[size])));
				assertThat(BrokenRequestTests.status(pool, request)).isEqualTo(413);
				warm(pool, server);
			}
		}
	}

	static Stream<Arguments> ends() {
		return Stream.of(End.CLOSE, End.HALF_CLOSE_AND_DRAIN, End.READ_A_LITTLE_AND_RESET)
			.flatMap((end) -> Stream.of(arguments(end, false), arguments(end, true)));
	}

	@ParameterizedTest
	@MethodSource("ends")
	void aHeadThatTheServerDoesNotReadToItsEndIsAnswered(End end, boolean tls) throws Exception {
		try (StrictServer server = StrictServer.start(tls, (peer) -> {
			if (!peer.path().equals("/early")) {
				return true;
			}
			peer.send(ANSWER.formatted(431));
			return end.end(peer);
		}).largestHead(100_000); PoolFixture pool = PoolFixture.withDefaults()) {
			warm(pool, server);
			HttpGet request = new HttpGet(server.uri("/early"));
			for (int i = 0; i < 300; i++) {
				request.addHeader("X-" + i, "x".repeat(10_000));
			}
			assertThat(BrokenRequestTests.statusAndText(pool, request)).isEqualTo("431 answer");
			soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
			assertThat(pool.pool.snapshot().totals().closed()).doesNotContainKeys(CloseReason.STALE,
					CloseReason.UNSOLICITED_DATA);
			warm(pool, server);
			soon().untilAsserted(() -> assertThat(server.messages()).hasSize(3));
		}
	}

	@Test
	void aSlowUploadStopsSoonAfterTheAnswer() throws Exception {
		AtomicLong written = new AtomicLong();
		try (StrictServer server = StrictServer.start(true, (peer) -> {
			peer.send(ANSWER.formatted(409));
			peer.drain();
			return false;
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPut request = new HttpPut(server.uri("/early"));
			request.setEntity(new ScriptedEntity(-1, (out) -> {
				for (int i = 0; i < 1000; i++) {
					out.write(new byte[10]);
					out.flush();
					written.incrementAndGet();
					pause(20);
				}
			}));
			assertThat(BrokenRequestTests.status(pool, request)).isEqualTo(409);
			assertThat(written).hasValueLessThan(500);
		}
	}

	@Test
	void interimResponsesDoNotStopTheUpload() throws Exception {
		for (boolean tls : new boolean[] { false, true }) {
			try (StrictServer server = StrictServer.start(tls, (peer) -> {
				for (int i = 0; i < 50; i++) {
					peer.send("HTTP/1.1 102 Processing\r\nX-Number: " + i + "\r\n\r\n");
				}
				return true;
			}); PoolFixture pool = PoolFixture.withDefaults()) {
				HttpPut request = new HttpPut(server.uri("/whole"));
				request.setEntity(new ScriptedEntity(-1, (out) -> {
					for (int i = 0; i < 100; i++) {
						out.write(new byte[100_000]);
					}
				}));
				assertThat(BrokenRequestTests.text(pool, request)).isEqualTo("10000000");
				assertThat(pool.pool.snapshot().connections().idle()).isEqualTo(1);
			}
		}
	}

	@Test
	void aSuccessThatComesEarlyDoesNotCutOffWhatTheServerStillReads() throws Exception {
		for (boolean tls : new boolean[] { false, true }) {
			List<Long> read = new ArrayList<>();
			try (StrictServer server = StrictServer.start(tls, (peer) -> {
				if (!peer.path().equals("/early")) {
					return true;
				}
				peer.send(ANSWER.formatted(200));
				peer.read(5_000_000);
				read.add(5_000_000L);
				return false;
			}); PoolFixture pool = PoolFixture.withDefaults()) {
				HttpPut request = new HttpPut(server.uri("/early"));
				request.setEntity(new ScriptedEntity(5_000_000, (out) -> out.write(new byte[5_000_000])));
				assertThat(BrokenRequestTests.text(pool, request)).isEqualTo("answer");
				soon().until(() -> !read.isEmpty());
				warm(pool, server);
			}
		}
	}

	/**
	 * After a success, a server that closes without having read ends the upload, too.
	 */
	@Test
	void aSuccessBeforeACloseIsDelivered() throws Exception {
		for (boolean tls : new boolean[] { false, true }) {
			try (StrictServer server = StrictServer.start(tls, (peer) -> {
				peer.send(ANSWER.formatted(201));
				peer.read(100_000);
				return false;
			}); PoolFixture pool = PoolFixture.withDefaults()) {
				HttpPut request = new HttpPut(server.uri("/early"));
				request.setEntity(new ScriptedEntity(-1, (out) -> {
					for (int i = 0; i < 1000; i++) {
						out.write(new byte[100_000]);
					}
				}));
				assertThat(BrokenRequestTests.status(pool, request)).isEqualTo(201);
			}
		}
	}

	@Test
	void uploadDoesNotWaitForAServerThatAnswersAndStopsReading() throws Exception {
		for (boolean tls : new boolean[] { false, true }) {
			try (StrictServer server = StrictServer.start(tls, (peer) -> {
				// When the upload has come to a halt.
				pause(500);
				peer.send(ANSWER.formatted(413));
				pause(10_000);
				return false;
			}).receiveBuffer(8192); PoolFixture pool = PoolFixture.withDefaults()) {
				HttpPut request = new HttpPut(server.uri("/early"));
				request.setEntity(new ScriptedEntity(-1, (out) -> {
					for (int i = 0; i < 1000; i++) {
						out.write(new byte[100_000]);
					}
				}));
				long started = System.nanoTime();
				assertThat(BrokenRequestTests.status(pool, request)).isEqualTo(413);
				assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
			}
		}
	}

	@Test
	void aChallengeThatComesEarlyIsAnsweredOverAnotherConnection() throws Exception {
		try (StrictServer server = StrictServer.start(false, (peer) -> {
			if (peer.head().contains("Authorization: Basic")) {
				return true;
			}
			peer.send("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
			return false;
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setDefaultCredentialsProvider(
				(scope, context) -> new UsernamePasswordCredentials("user", "password".toCharArray())))) {
			HttpPut request = new HttpPut(server.uri("/early"));
			request.setEntity(new ScriptedEntity(3_000_000, (out) -> out.write(new byte[3_000_000])));
			assertThat(BrokenRequestTests.text(pool, request)).isEqualTo("3000000");
			assertThat(server.messages()).hasSize(2);
			assertThat(server.messages().get(1).isWhole()).isTrue();
			assertThat(server.flaws()).isEmpty();
		}
	}

	@Test
	void noResponseIsReportedIfNoneCame() throws Exception {
		try (StrictServer server = StrictServer.start(false, (peer) -> {
			peer.read(100_000);
			return false;
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPut request = new HttpPut(server.uri("/none"));
			request.setEntity(new ScriptedEntity(-1, (out) -> {
				for (int i = 0; i < 1000; i++) {
					out.write(new byte[100_000]);
				}
			}));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(IOException.class)
				.hasMessageContaining("ended the connection before the head of a response had come");
		}
	}

	/**
	 * The bytes of a reset that overtakes the answer are not an answer: the failure is
	 * that of the connection.
	 */
	@Test
	void incompleteHeadIsNoResponse() throws Exception {
		try (StrictServer server = StrictServer.start(false, (peer) -> {
			peer.send("HTTP/1.1 413 To");
			return false;
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPut request = new HttpPut(server.uri("/half"));
			request.setEntity(new ScriptedEntity(-1, (out) -> {
				for (int i = 0; i < 1000; i++) {
					out.write(new byte[100_000]);
				}
			}));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(Exception.class);
			assertThat(pool.pool.snapshot().totals().closed()).doesNotContainKey(CloseReason.STALE);
		}
	}

	@Test
	void springSeesTheSameResponsesAsWithTheJdksClient() throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			for (RestClient.Builder builder : Arrays.asList(
					RestClient.builder().requestFactory(new HttpComponentsClientHttpRequestFactory(pool.client)),
					RestClient.builder()
						.requestFactory(new JdkClientHttpRequestFactory(
								HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build())))) {
				try (StrictServer server = StrictServer.start(false, (peer) -> {
					peer.send(ANSWER.formatted(413));
					peer.halfClose();
					peer.drain();
					return false;
				})) {
					RestClient client = builder.baseUrl(server.uri("").toString()).build();
					int status = client.post()
						.uri("/early")
						.body((StreamingHttpOutputMessage.Body) (out) -> out.write(new byte[10_000_000]))
						.exchange((request, response) -> response.getStatusCode().value());
					assertThat(status).isEqualTo(413);
				}
			}
		}
	}

	private static void warm(PoolFixture pool, StrictServer server) throws IOException {
		assertThat(BrokenRequestTests.status(pool, new HttpGet(server.uri("/other")))).isEqualTo(200);
	}

	private static void assertCutOff(PoolFixture pool, StrictServer server) throws Exception {
		soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
		assertThat(pool.pool.snapshot().connections().idle()).isZero();
		assertThat(pool.pool.snapshot().totals().closed()).doesNotContainKeys(CloseReason.STALE,
				CloseReason.UNSOLICITED_DATA);
		warm(pool, server);
		soon().until(() -> server.messages().stream().filter((message) -> message.path().equals("/early")).count() > 0);
		assertThat(server.messages().stream().filter((message) -> message.path().equals("/early"))).hasSize(1)
			.noneMatch(Message::isWhole);
		assertThat(server.flaws()).isEmpty();
	}

	private static void pause(long millis) {
		try {
			// A part of the story: what the other side does in that time.
			Pause.ofMillis(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
