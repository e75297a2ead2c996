package io.github.httppool.hc5.http1;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for the lines of a head (RFC 9112 sections 2.2 and 5).
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeaderFieldTests {

	private static final String LENGTH = "Content-Length: 5";

	@Test
	void fieldsReachTheCallerUnchanged() throws Exception {
		String head = Exchange.headText(200, "A:1", "a:\t 2 \t", "Empty:", "Umlaut: \u00fc\u00ff",
				"!#$%&'*+-.^_`|~0Zz: odd", "Quoted: \"a: b, c\"", "Colon:::", LENGTH);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.sendRaw(head + "hello"));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(response.getHeaders()).extracting(Header::getName, Header::getValue)
				.containsExactly(tuple("A", "1"), tuple("a", "2"), tuple("Empty", ""), tuple("Umlaut", "\u00fc\u00ff"),
						tuple("!#$%&'*+-.^_`|~0Zz", "odd"), tuple("Quoted", "\"a: b, c\""), tuple("Colon", "::"),
						tuple("Content-Length", "5"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "A: b\tc", "A: \u00e4", "A:", "A: b:c", "X_Y.Z~: b", "A: " })
	void fieldsThatServersSendLetTheConnectionBeKept(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH).isReadAndKept("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length : 5", "Content-Length\t: 5", "Transfer-Encoding : chunked", "A B: s3cr3t",
			"HTTP/1.1 200 OK" })
	void blankInOrBehindANameIsRefused(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH)
			.isRefused(field.startsWith("HTTP/") ? "has no name" : "the name of a field is followed by a blank");
	}

	@ParameterizedTest
	@ValueSource(strings = { ": s3cr3t", "s3cr3t", "A(s3cr3t): b", "A@s3cr3t: b", "\u00e4: s3cr3t", "[s3cr3t]: x",
			"A/s3cr3t: x", "\"A\": s3cr3t", "=" })
	void lineWithoutANameIsRefused(String field) throws Exception {
		RawAnswer.ok("hello", LENGTH, field).isRefused("a line of its fields has no name");
	}

	@ParameterizedTest
	@ValueSource(strings = { "A: b\u0000s3cr3t", "A: \u0001", "A: b\u007f", "A\u0000: b", "\u0000", "A: b\u000bc",
			"A: \u001b[31m" })
	void controlCharacterIsRefused(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH).isRefused("a line has a control character");
	}

	@ParameterizedTest
	@ValueSource(strings = { "A: b\rContent-Length: 0", "A: b\r", "\rA: b", "A\r: b", "A: b\r c" })
	void bareCarriageReturnIsRefused(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH).isRefused("a line has a CR without a LF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\nContent-Length: 5\n\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\n",
			"HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\nContent-Length: 5\r\n\r\n" })
	void bareLineFeedEndsALineButTheConnectionIsNotKept(String head) throws Exception {
		RawAnswer.of(head, "hello").isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "A: b\r\n c", "A:\r\n\tb", "A: b\r\n ", "A: b\r\n \r\n c", "A: b\r\n Content-Length: 7" })
	void foldedFieldIsReadButTheConnectionIsNotKept(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@Test
	void foldIsReadAsABlank() throws Exception {
		String head = Exchange.headText(200, "A: b \r\n \t c", "B:\r\n d\r\n\t\r\n e ", LENGTH);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.sendRaw(head + "hello"));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(response.getFirstHeader("A").getValue()).isEqualTo("b c");
			assertThat(response.getFirstHeader("B").getValue()).isEqualTo("d e");
		}
	}

	@Test
	void foldedFramingIsReadAsItIsOrRefused() throws Exception {
		RawAnswer.ok("hello", "Content-Length:\r\n 5").isReadAndNotKept("hello", CloseReason.ERROR);
		RawAnswer.ok("hello", "Content-Length: 5\r\n 0").isRefused("its content length is not a number");
		RawAnswer.ok("0\r\n\r\n", "Transfer-Encoding:\r\n chunked").isReadAndNotKept("", CloseReason.ERROR);
		RawAnswer.ok("0\r\n\r\n", "Transfer-Encoding: chunked\r\n x").isRefused("transfer encoding");
	}

	@ParameterizedTest
	@ValueSource(strings = { " A: s3cr3t", "\tA: b", " " })
	void blankBeforeTheFirstFieldIsRefused(String field) throws Exception {
		RawAnswer.ok("hello", field, LENGTH).isRefused("its fields begin with a blank");
	}

}
