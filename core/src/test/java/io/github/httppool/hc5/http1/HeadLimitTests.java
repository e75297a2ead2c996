package io.github.httppool.hc5.http1;

import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.core5.http.MessageConstraintException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that no part of a message outside its body can be endless.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeadLimitTests {

	private static final String LENGTH = "Content-Length: 5";

	private static final String LAST = "5\r\nhello\r\n0\r\n";

	private static final String LONGEST = "A: " + "x".repeat(64 * 1024 - 3);

	private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </style>\r\n\r\n";

	@Test
	void lineOf64KilobytesIsAccepted() throws Exception {
		RawAnswer.ok("hello", LONGEST, LENGTH).isReadAndKept("hello");
		RawAnswer.of("HTTP/1.1 200 ", "x".repeat(64 * 1024 - 13), "\r\n", LENGTH, "\r\n\r\nhello")
			.isReadAndKept("hello");
	}

	@Test
	void longerLineIsRefused() throws Exception {
		RawAnswer.ok("hello", LONGEST + "x", LENGTH).isRefused("a line is longer than 64 KB");
		RawAnswer.of("HTTP/1.1 200 ", "x".repeat(64 * 1024), "\r\n", LENGTH, "\r\n\r\nhello")
			.isRefused("a line is longer than 64 KB");
		RawAnswer.of("H".repeat(64 * 1024 + 1)).isRefused("a line is longer than 64 KB");
	}

	@Test
	void headOfAlmost256KilobytesIsAccepted() throws Exception {
		RawAnswer.ok("hello", LONGEST, LONGEST, LONGEST, "A: " + "x".repeat(65_000), LENGTH).isReadAndKept("hello");
	}

	@Test
	void longerHeadIsRefused() throws Exception {
		RawAnswer.ok("hello", LONGEST, LONGEST, LONGEST, LONGEST, LENGTH).isRefused("longer than 256 KB");
	}

	@Test
	void headOfManyFieldsIsAccepted() throws Exception {
		RawAnswer.ok("hello", (LENGTH + "\r\nA: b".repeat(990)).split("\r\n")).isReadAndKept("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "A: b\r\n", "A:\r\n b\r\n" })
	void headOfMoreThanAThousandLinesIsRefused(String field) throws Exception {
		RawAnswer.of("HTTP/1.1 200 OK\r\n", LENGTH, "\r\n", field.repeat(1000), "\r\n")
			.isRefused("more than 1000 lines");
	}

	@Test
	void hundredInterimResponsesAreAccepted() throws Exception {
		RawAnswer.of(INTERIM.repeat(100), Exchange.headText(200, LENGTH), "hello").isReadAndKept("hello");
	}

	@Test
	void moreInterimResponsesAreRefused() throws Exception {
		RawAnswer.of(INTERIM.repeat(101), Exchange.headText(200, LENGTH), "hello")
			.isRefused("more than 100 interim responses");
	}

	@Test
	void interimResponsesCountTowardsTheHead() throws Exception {
		String interim = Exchange.headText(103, LONGEST);
		RawAnswer.of(interim.repeat(4), Exchange.headText(200, LENGTH), "hello").isRefused("longer than 256 KB");
	}

	@Test
	void limitsHoldForEachResponseOfAConnection() throws Exception {
		String head = Exchange.headText(103, LONGEST) + Exchange.headText(200, LONGEST, LENGTH);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.sendRaw(head + "hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			}
			assertThat(upstream.accepted()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			HTTP/1.1 200 OK~A: b | x
			HTTP/1.1 200 OK~A: b~ | A: b~
			HTTP/1.1 200 OK~A: b~ | ' x~'
			'' | HTTP/1.1 100 Continue~~
			'' | ~
			'' | x
			""")
	void floodWithoutEndIsRefused(String begin, String drop) throws Exception {
		String flood = drop.repeat(16 * 1024 / drop.length()).replace("~", "\r\n");
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/next")) {
				exchange.ok("next");
				return;
			}
			exchange.sendRaw(begin.replace("~", "\r\n")).drip(flood, Duration.ZERO);
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			long started = System.nanoTime();
			assertThatExceptionOfType(MessageConstraintException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("Broken response from " + upstream.url() + " (pool 'default')");
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.get(upstream.uri("/next"))).isEqualTo("next");
		}
	}

	@Test
	void trailersWithinTheLimitsAreAccepted() throws Exception {
		RawAnswer.chunked(LAST + "A: b\r\n".repeat(999) + "\r\n").isReadAndKept("hello");
	}

	@Test
	void trailersBeyondTheLimitsAreRefused() throws Exception {
		RawAnswer.chunked(LAST + "A: b\r\n".repeat(1000) + "\r\n").isRefused("more than 1000 lines");
		RawAnswer.chunked(LAST + (LONGEST + "\r\n").repeat(4) + "\r\n").isRefused("longer than 256 KB");
		RawAnswer.chunked(LAST + LONGEST + "x\r\n\r\n").isRefused("a line is longer than 64 KB");
	}

	@Test
	void extensionsWithinTheLimitAreAccepted() throws Exception {
		RawAnswer.chunked("5;" + "x".repeat(32 * 1024) + "\r\nhello\r\n0\r\n\r\n").isReadAndKept("hello");
	}

	@Test
	void extensionsBeyondTheLimitAreRefused() throws Exception {
		String flaw = "its chunk extensions are longer than its data and 64 KB";
		RawAnswer.chunked("5;" + "x".repeat(64 * 1024) + "\r\nhello\r\n0\r\n\r\n").isRefused(flaw);
		String chunk = "1;" + "x".repeat(1000) + "\r\ny\r\n";
		RawAnswer.chunked(chunk.repeat(70) + "0\r\n\r\n").isRefused(flaw);
		RawAnswer.chunked("5\r\nhello\r\n0;" + "x".repeat(64 * 1024 + 5)).isRefused(flaw);
	}

	/**
	 * A signature in each chunk, say, is no flood.
	 */
	@Test
	void extensionsMayBeAsLongAsTheData() throws Exception {
		String data = "y".repeat(1000);
		String chunk = "3e8;" + "x".repeat(900) + "\r\n" + data + "\r\n";
		ScriptedUpstream.Script script = (exchange) -> exchange.head(200, "Transfer-Encoding: chunked")
			.sendRaw(chunk.repeat(500) + "0\r\n\r\n");
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo(data.repeat(500));
			assertThat(pool.snapshot().connections().idle()).isOne();
		}
	}

}
