package io.github.httppool.hc5.http1;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how heads declare the end of their bodies (RFC 9112 section 6).
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResponseFramingTests {

	private static final String CHUNKS = "5\r\nhello\r\n0\r\n\r\n";

	@ParameterizedTest
	@ValueSource(strings = { "5", "005", "00000000000000000000000000000005", " 5", "5\t " })
	void contentLengthOfDigitsIsAccepted(String length) throws Exception {
		RawAnswer.ok("hello", "Content-Length:" + length).isReadAndKept("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "+5", "-5", "-0", "0x5", "5;", "5 5", "5.0", "1e1", "five", "5\u00b5", "\u00b2",
			"9223372036854775808", "18446744073709551621", "99999999999999999999999999" })
	void contentLengthOfOtherCharactersIsRejected(String length) throws Exception {
		RawAnswer.ok("hello", "Content-Length: " + length).isRefused("its content length is not a number");
	}

	@Test
	void largestContentLengthIsANumber() throws Exception {
		RawAnswer.ok("hello", "Content-Length: 9223372036854775807").thenClose().isRefusedWhenRead("Premature end");
	}

	@Test
	void equalContentLengthsAreAcceptedButTheConnectionIsClosed() throws Exception {
		RawAnswer.ok("hello", "Content-Length: 5", "content-length: 5").isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5, 5", "5,5", "5 ,\t5,5", "5,05" })
	void listOfEqualContentLengthsIsAcceptedButTheConnectionIsClosed(String list) throws Exception {
		RawAnswer.ok("hello", "Content-Length: " + list).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@Test
	void differentContentLengthsAreRejected() throws Exception {
		RawAnswer.ok("hello", "Content-Length: 5", "Content-Length: 6").isRefused("several content lengths");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5, 6", "6,5", "5, 5, 0", "0, 5" })
	void listOfDifferentContentLengthsIsRejected(String list) throws Exception {
		RawAnswer.ok("hello", "Content-Length: " + list).isRefused("several content lengths");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5,", ",5", "5,,5", "5, five", ",", "5, +5" })
	void listOfOtherValuesThanContentLengthsIsRejected(String list) throws Exception {
		RawAnswer.ok("hello", "Content-Length: " + list).isRefused("its content length is not a number");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 5", "Content-Length: 3", "Content-Length: 0", "Content-Length: five" })
	void transferEncodingOverridesAContentLengthButTheConnectionIsClosed(String length) throws Exception {
		RawAnswer.ok(CHUNKS, length, "Transfer-Encoding: chunked").isReadAndNotKept("hello", CloseReason.ERROR);
		RawAnswer.ok(CHUNKS, "Transfer-Encoding: chunked", length).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "chunked", "Chunked", "CHUNKED", " chunked\t" })
	void chunkedIsAcceptedInAnyCase(String coding) throws Exception {
		RawAnswer.ok(CHUNKS, "Transfer-Encoding:" + coding).isReadAndKept("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "gzip, chunked", "gzip", "chunked, chunked", "chunked, gzip", "chunked, identity",
			"identity, chunked", "identity, gzip", "identity;q=1", "xchunked", "chunkedx", "chunked;q=1", "\"chunked\"",
			"chunked,", ",chunked", "chunk", "\u00e7hunked" })
	void transferEncodingOtherThanChunkedIsRejected(String coding) throws Exception {
		RawAnswer.ok(CHUNKS, "Transfer-Encoding: " + coding).isRefused("transfer encoding is not just 'chunked'");
	}

	/**
	 * It means no coding at all (RFC 2616 section 3.6). curl, browsers and the JDK's
	 * client accept it, but others may wait for the server to close.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "identity", "Identity", " IDENTITY\t" })
	void identityIsAcceptedAsNoCodingButTheConnectionIsClosed(String coding) throws Exception {
		RawAnswer.ok("hello", "Transfer-Encoding:" + coding, "Content-Length: 5")
			.isReadAndNotKept("hello", CloseReason.ERROR);
		RawAnswer.ok("hello", "Transfer-Encoding:" + coding, "Transfer-Encoding: identity")
			.thenClose()
			.isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@Test
	void callersSeeRepeatedLengthsAsOneField() throws Exception {
		String[][] heads = { { "Content-Length: 5", "Content-Length: 5" }, { "Content-Length: 5, 5" },
				{ "Content-Length: 5, 5", "content-length: 5 ,05" }, { "Content-Length: 05, 5", "Content-Length: 5" },
				{ "Content-Length: 5", "Transfer-Encoding: identity", "Content-Length: 5" } };
		for (String[] head : heads) {
			try (ScriptedUpstream upstream = ScriptedUpstream
				.plain((exchange) -> exchange.sendRaw(ScriptedUpstream.Exchange.headText(200, head) + "hello"));
					PoolFixture pool = PoolFixture.withDefaults();
					CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				assertThat(response.getHeaders("Content-Length")).extracting(Header::getValue).containsExactly("5");
				assertThat(response.getHeaders("Transfer-Encoding")).isEmpty();
				assertThat(response.getEntity().getContentLength()).isEqualTo(5);
				assertThat(EntityUtils.toString(response.getEntity())).isEqualTo("hello");
			}
		}
	}

	@Test
	void severalTransferEncodingsAreRejected() throws Exception {
		RawAnswer.ok(CHUNKS, "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")
			.isRefused("transfer encoding is not just 'chunked'");
		RawAnswer.ok(CHUNKS, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked")
			.isRefused("transfer encoding is not just 'chunked'");
	}

	@Test
	void transferEncodingInHttp10IsAcceptedButTheConnectionIsClosed() throws Exception {
		RawAnswer.of("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n", CHUNKS)
			.isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@Test
	void http10ConnectionIsKeptWithKeepAlive() throws Exception {
		RawAnswer.of("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello")
			.isReadAndKept("hello");
		RawAnswer.of("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
			.isReadAndNotKept("hello", CloseReason.SERVER_CLOSE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "keep-alive, close", "close, keep-alive", "Keep-Alive,,Close",
			"keep-alive\r\nConnection: close" })
	void http10ConnectionIsClosedWithKeepAliveAndClose(String options) throws Exception {
		RawAnswer.of("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: " + options + "\r\n\r\nhello")
			.isReadAndNotKept("hello", CloseReason.SERVER_CLOSE);
	}

	@Test
	void bodyWithoutLengthEndsWhenTheServerCloses() throws Exception {
		RawAnswer.ok("hello", "Connection: keep-alive").thenClose().isReadAndNotKept("hello", CloseReason.SERVER_CLOSE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 0", "Content-Length: 3", "Content-Length: five" })
	void callersSeeNoLengthOfAChunkedBody(String length) throws Exception {
		assertSeenBySpring("GET", "hello", null, CHUNKS, "Transfer-Encoding: chunked", length);
	}

	@Test
	void callersSeeOneOfSeveralEqualLengths() throws Exception {
		assertSeenBySpring("GET", "hello", "5", "hello", "Content-Length: 5, 5");
		assertSeenBySpring("GET", "hello", "5", "hello", "Content-Length: 5", "Content-Length: 5");
	}

	@Test
	void callersSeeNoInvalidLengthOfAResponseWithoutBody() throws Exception {
		assertSeenBySpring("HEAD", null, null, "", "Content-Length: 26M");
		assertSeenBySpring("HEAD", null, null, "", "Content-Length: 5", "Content-Length: 6");
		assertSeenBySpring("HEAD", null, "26", "", "Content-Length: 26");
	}

	private static void assertSeenBySpring(String method, String body, String length, String sent, String... fields) {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.sendRaw(ScriptedUpstream.Exchange.headText(200, fields) + sent));
				PoolFixture pool = PoolFixture.withDefaults()) {
			ResponseEntity<String> answer = pool.spring()
				.method(HttpMethod.valueOf(method))
				.uri(upstream.uri("/"))
				.retrieve()
				.toEntity(String.class);
			assertThat(answer.getBody()).isEqualTo(body);
			assertThat(answer.getHeaders().getFirst("Content-Length")).isEqualTo(length);
		}
	}

}
