package io.github.httppool.hc5.http1;

import java.net.SocketException;
import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for status lines (RFC 9112 section 4), and for other bytes in their place.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StatusLineTests {

	private static final String REST = "\r\nContent-Length: 5\r\n\r\nhello";

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.1 200 \u00fc\tall  right ",
			"HTTP/1.1 299 ", "HTTP/1.1 599 ", "HTTP/1.1 600 ", "HTTP/1.1 999 Request denied" })
	void usualStatusLineIsAccepted(String line) throws Exception {
		RawAnswer.of(line, REST).isReadAndKept("hello");
	}

	@ParameterizedTest
	@CsvSource({ "HTTP/1.1 200 All right, All right", "HTTP/1.1 200, ''", "HTTP/1.1 299 , ''" })
	void reasonPhraseReachesTheCallerUnchanged(String line, String reason) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.sendRaw(line + REST));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(response.getReasonPhrase()).isEqualTo(reason);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "s3cr3t", "ICY 200 OK", "http/1.1 200 OK", "HTP/1.1 200 OK", "HTTP", " HTTP/1.1 200 OK",
			"\tHTTP/1.1 200 OK", "xHTTP/1.1 200 OK", "200 OK", "<html>", "\u00ef\u00bb\u00bfHTTP/1.1 200 OK",
			"\u0016\u0003" })
	void firstLineThatIsNoStatusLineIsRefused(String line) throws Exception {
		String flaw = line.startsWith("\u0016") ? "a line has a control character" : "it does not begin with HTTP/";
		RawAnswer.of(line, REST).isRefused(flaw);
	}

	/**
	 * Such as a part of the body before it, of another length than its head had said.
	 */
	@Test
	void garbageBeforeAStatusLineIsNotSkipped() throws Exception {
		RawAnswer.of("garbage\r\nHTTP/1.1 200 OK", REST).isRefused("it does not begin with HTTP/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/", "HTTP/1", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 99", "HTTP/1.1 99 ",
			"HTTP/1.1 1000", "HTTP/1.1 0200 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 -20 OK", "HTTP/1.1 +20 OK",
			"HTTP/1.1 200OK", "HTTP/1.1\t200 OK", "HTTP/1.1  200 OK", "HTTP/1.1 200\tOK", "HTTP/1.1 OK 200",
			"HTTP/1 200 OK", "HTTP/11 200 OK", "HTTP/1.10 200 OK", "HTTP/01.1 200 OK", "HTTP/ 1.1 200 OK",
			"HTTP/1,1 200 OK", "HTTP/x.1 200 OK", "HTTP/1.x 200 OK", "HTTP/-1.1 200 OK", "HTTP/2 200 OK" })
	void malformedStatusLineIsRefused(String line) throws Exception {
		RawAnswer.of(line, REST).isRefused("its status line is malformed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.9", "2.0", "3.0", "9.9" })
	void anotherMajorVersionIsRefused(String version) throws Exception {
		RawAnswer.of("HTTP/" + version + " 200 OK", REST).isRefused("its version is HTTP/" + version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.2", "1.9" })
	void laterMinorVersionIsReadAsHttp11ButTheConnectionIsNotKept(String version) throws Exception {
		RawAnswer.of("HTTP/" + version + " 200 OK", REST).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@ParameterizedTest
	@CsvSource({ "000, 0", "001, 1", "099, 99" })
	void statusBelow100IsRefused(String digits, int status) throws Exception {
		RawAnswer.of("HTTP/1.1 " + digits + " OK", REST).isRefused("its status is " + status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 O\u0000K", "HTTP/1.1 200 O\u0007K", "HTTP/1.1 200 O\u007fK" })
	void controlCharacterInTheReasonPhraseIsRefused(String line) throws Exception {
		RawAnswer.of(line, REST).isRefused("a line has a control character");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\n", "\r\n\r\n\r\n", "\n" })
	void emptyLinesBeforeAResponseAreSkippedButTheConnectionIsNotKept(String lines) throws Exception {
		RawAnswer.of(lines, "HTTP/1.1 200 OK", REST).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@Test
	void emptyLinesWithoutEndAreRefused() throws Exception {
		RawAnswer.of("\r\n".repeat(1001)).isRefused("more than 1000 lines");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5",
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r" })
	void headThatEndsInTheMiddleIsRefused(String head) throws Exception {
		RawAnswer.of(head).thenClose().isRefused("the connection ended in the middle of it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "H", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r", "\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
			"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 2" })
	void headThatEndsInItsFirstLineIsNoResponse(String head) throws Exception {
		RawAnswer.of(head).thenClose().isNoResponse();
	}

	/**
	 * The server was there: the connection was not stale, and the request has arrived.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "H", "HTTP/1.1 100 Continue\r\n\r\n" })
	void reusedConnectionThatIsResetInTheMiddleOfAHeadWasNotStale(String head) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/first")) {
				exchange.ok("first");
			}
			else {
				exchange.sendRaw(head).after(Duration.ofMillis(50)).reset();
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/first"))).isEqualTo("first");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> pool.get(upstream.uri("/second")));
			assertThat(upstream.accepted()).isOne();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.closed(CloseReason.STALE)).isZero();
		}
	}

	/**
	 * Not a byte came: not the same as a broken response, and this may be tried again.
	 */
	@Test
	void endWithoutAResponseIsReportedAsSuch() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(ScriptedUpstream.Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatExceptionOfType(NoHttpResponseException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(pool.leased()).isZero();
		}
	}

}
