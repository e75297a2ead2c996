package io.github.httppool.hc5.observe;

import io.github.httppool.CloseReason;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.PoolFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the cause that is named if a machine has no local port left.
 */
class PortsExplanationTests {

	@ParameterizedTest
	@CsvSource({ "SERVER_CLOSE, http-pool.keep-alive", "STALE, http-pool.idle-timeout",
			"DRAIN_BYTES, http-pool.drain.max-bytes", "DRAIN_TIME, http-pool.drain.max-time",
			"IDLE_TIMEOUT, http-pool.idle-timeout", "TIME_TO_LIVE, http-pool.time-to-live",
			"MAX_IDLE, http-pool.max-idle-per-route", "EVICTED, http-pool.max-total",
			"LEAK, http-pool.leak-detection-threshold", "UNSOLICITED_DATA, check the server",
			"ERROR, http-pool.response-timeout", "CANCELLED, http-pool.call-timeout", "SHUTDOWN, why calls fail" })
	void poolThatUsesUpThePortsIsAdvisedByItsMainCloseReason(CloseReason reason, String advice) {
		assertThat(judgement(500, new LocalPorts(1000, 0), reason))
			.startsWith("The pool closes connections instead of reusing them")
			.contains(advice);
	}

	@Test
	void portsAreUsedUpByOthersIfThePoolOpenedFewerThanHalfOfThem() {
		assertThat(judgement(499, new LocalPorts(1000, 500), CloseReason.STALE))
			.startsWith("Closed connections of this machine take the ports (TIME_WAIT)");
		assertThat(judgement(499, new LocalPorts(1000, 499), CloseReason.STALE))
			.startsWith("The pool does not use the ports up");
		assertThat(judgement(500, new LocalPorts(1000, 499), null)).startsWith("The pool does not use the ports up");
	}

	@Test
	void usualRangeIsAssumedIfThatOfTheMachineIsUnknown() {
		assertThat(judgement(1000, LocalPorts.UNKNOWN, CloseReason.STALE))
			.startsWith("The pool does not use the ports up");
		assertThat(judgement(30_000, LocalPorts.UNKNOWN, CloseReason.STALE)).startsWith("The pool closes connections");
	}

	private static String judgement(int opened, LocalPorts ports, CloseReason main) {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			return PortsExplanation.judgement(pool.pool.connections(), opened, ports, main);
		}
	}

}
