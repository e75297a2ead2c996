package io.github.httppool.hc5.pool;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no byte that a server sends without a request becomes a part of a later
 * response.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnsolicitedDataTests {

	private static final String FORGED = Exchange.headText(200, "Content-Length: 6") + "forged";

	@ParameterizedTest
	@EnumSource
	void forgedResponseInTheSameSegmentIsNeverSeen(Transport transport) throws Exception {
		String first = Exchange.headText(200, "Content-Length: 5") + "first";
		shouldNeverBeSeen(transport, first, FORGED);
	}

	@ParameterizedTest
	@EnumSource
	void singleSurplusByteInTheSameSegmentClosesTheConnection(Transport transport) throws Exception {
		shouldNeverBeSeen(transport, Exchange.headText(200, "Transfer-Encoding: chunked") + "5\r\nfirst\r\n0\r\n\r\n",
				"H");
	}

	/**
	 * HttpCore reads 8 KiB at once, a record of TLS holds up to 16 KiB: what is left of
	 * the record waits inside the TLS layer, where neither the buffer nor the socket
	 * shows it.
	 */
	@ParameterizedTest
	@EnumSource
	void forgedResponseBehindAFullReadBufferIsNeverSeen(Transport transport) throws Exception {
		int head = Exchange.headText(200, "Content-Length: 8000").length();
		int length = 8192 - head;
		shouldNeverBeSeen(transport, Exchange.headText(200, "Content-Length: " + length) + "x".repeat(length), FORGED);
	}

	private void shouldNeverBeSeen(Transport transport, String first, String surplus) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/first")) {
				exchange.sendRaw(first + surplus);
			}
			else {
				exchange.ok("second");
			}
		};
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/first"))).isNotEmpty();
			assertThat(pool.get(upstream.uri("/second"))).isEqualTo("second");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void forgedResponseThatComesLateIsNeverSeen(Transport transport) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			exchange.ok(exchange.path());
			if (exchange.path().equals("/first")) {
				exchange.after(Duration.ofMillis(40)).sendRaw(FORGED);
			}
		};
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/first"))).isEqualTo("/first");
			PoolFixture.awaitIdle(upstream);
			assertThat(pool.get(upstream.uri("/second"))).isEqualTo("/second");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void byteThatComesBeforeTheConnectionIsOldEnoughToBeValidatedIsNeverSeen(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok(exchange.path()));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.validateAfterInactivity(Duration.ofMinutes(1)))) {
			assertThat(pool.get(upstream.uri("/first"))).isEqualTo("/first");
			upstream.lastConnection().sendRaw("H");
			assertThat(pool.get(upstream.uri("/second"))).isEqualTo("/second");
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304 })
	void bodyOfAResponseThatHasNoneIsNeverSeen(int status) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/first")) {
				exchange.status(status, FORGED);
			}
			else {
				exchange.ok("second");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.ignore(upstream.uri("/first"))).isEqualTo(status);
			assertThat(pool.get(upstream.uri("/second"))).isEqualTo("second");
			assertThat(upstream.accepted()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bodyOfAResponseToHeadIsNeverSeen(Transport transport) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange
			.ok((exchange.method().equals("HEAD") ? FORGED : "second").getBytes(StandardCharsets.US_ASCII));
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			try (CloseableHttpResponse response = pool.open(new HttpHead(upstream.uri("/first")))) {
				assertThat(response.getCode()).isEqualTo(200);
			}
			assertThat(pool.get(upstream.uri("/second"))).isEqualTo("second");
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

}
