package io.github.httppool.hc5.http1;

import java.net.URI;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for responses that never have a body, whatever their header fields say, and for
 * those that do not answer the request (RFC 9112 section 6.3, RFC 9110 section 15.2).
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodylessResponseTests {

	private static final String FORGED = Exchange.headText(200, "Content-Length: 6") + "forged";

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5", "Content-Length: 0", "Transfer-Encoding: chunked", "A: b" })
	void answerToHeadSaysWhatAnAnswerToGetWouldSay(String field) throws Exception {
		RawAnswer.ok("", field).to("HEAD").isReadAndKept("");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5, 5", "Content-Length: five", "Transfer-Encoding: gzip, chunked",
			"Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6" })
	void answerToHeadWithOddFramingIsTakenButTheConnectionIsNotKept(String fields) throws Exception {
		RawAnswer.ok("", fields.split("\r\n")).to("HEAD").isReadAndNotKept("", CloseReason.ERROR);
	}

	@ParameterizedTest
	@CsvSource({ "HEAD, 200", "GET, 204", "GET, 304", "HEAD, 404" })
	void bodyWhereNoneMayBeIsNeverSeen(String method, int status) throws Exception {
		RawAnswer.of(Exchange.headText(status), FORGED).to(method).isReadAndNotKept("", CloseReason.UNSOLICITED_DATA);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 0", "A: b" })
	void noContentIsKept(String field) throws Exception {
		RawAnswer.of(Exchange.headText(204, field)).isReadAndKept("");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: +0",
			"Content-Length: 0\r\nContent-Length: 0" })
	void noContentWithALengthIsNotKept(String fields) throws Exception {
		RawAnswer.of(Exchange.headText(204, fields.split("\r\n"))).isReadAndNotKept("", CloseReason.ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5", "A: b" })
	void notModifiedIsKept(String field) throws Exception {
		RawAnswer.of(Exchange.headText(304, field)).isReadAndKept("");
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, 102, 103, 199 })
	void interimResponseIsPassedOver(int status) throws Exception {
		RawAnswer
			.of(Exchange.headText(status), Exchange.headText(status, "Content-Length: 0"),
					Exchange.headText(200, "Content-Length: 5"), "hello")
			.isReadAndKept("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 6", "Transfer-Encoding: chunked", "Content-Length: six" })
	void interimResponseWithABodyIsRefused(String field) throws Exception {
		RawAnswer.of(Exchange.headText(103, field), FORGED).isRefused("an interim response has a body");
	}

	@Test
	void oddInterimResponseMarksTheConnection() throws Exception {
		RawAnswer.of("HTTP/1.1 103 Early Hints\nA: b\r\n\r\n", Exchange.headText(200, "Content-Length: 5"), "hello")
			.isReadAndNotKept("hello", CloseReason.ERROR);
	}

	/**
	 * HttpClient would begin TLS, in clear as far as the caller knows.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLS/1.2, HTTP/1.1", "websocket", "h2c" })
	void switchOfProtocolsThatWasNotAskedForIsRefused(String protocol) throws Exception {
		RawAnswer.of(Exchange.headText(101, "Connection: Upgrade", "Upgrade: " + protocol), FORGED)
			.isRefused("it switches to another protocol");
	}

	@Test
	void switchOfProtocolsThatWasAskedForIsLeftToHttpClient() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange.head(101, "Connection: Upgrade", "Upgrade: websocket");
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet request = new HttpGet(upstream.uri("/"));
			request.setHeader("Upgrade", "websocket");
			assertThatIOException().isThrownBy(() -> pool.open(request)).withMessageContaining("websocket");
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: x\r\n\r\n",
			"HTTP/1.0 200 Connection established\n\n" })
	void successOfConnectHasNoBodyRegardlessOfItsFields(String head) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.sendRaw(head);
				exchange.connection().startTls();
			}
			else {
				exchange.ok("through the tunnel");
			}
		}); PoolFixture pool = through(proxy)) {
			for (int i = 0; i < 2; i++) {
				assertThat(pool.get(URI.create("https://localhost:8443/"))).isEqualTo("through the tunnel");
			}
			assertThat(proxy.accepted()).isOne();
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * HttpClient would read what comes through the tunnel as a body of the proxy.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 201, 204, 299 })
	void successOfConnectOtherThan200IsRefused(int status) throws Exception {
		shouldBeRefused(Exchange.headText(status, "Content-Length: 5") + "hello", "answered CONNECT with " + status);
	}

	@Test
	void switchOfProtocolsInAnswerToConnectIsRefused() throws Exception {
		shouldBeRefused(Exchange.headText(101, "Upgrade: TLS/1.2"), "it switches to another protocol");
	}

	@Test
	void garbageInAnswerToConnectIsRefused() throws Exception {
		shouldBeRefused("SSH-2.0-OpenSSH\r\n", "it does not begin with HTTP/");
	}

	private static void shouldBeRefused(String answer, String flaw) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.sendRaw(answer));
				PoolFixture pool = through(proxy)) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://localhost:8443/")))
				.withMessageContaining(flaw)
				.withMessageContaining("pool 'default'");
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	private static PoolFixture through(ScriptedUpstream proxy) {
		assertThat(TestCertificates.localhost()).isNotNull();
		return PoolFixture.with((settings) -> {
		}, (client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())));
	}

}
