package io.github.httppool.findings;

import java.time.Duration;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import org.junit.jupiter.api.Test;

import static io.github.httppool.findings.LimitRulesTests.assertNone;
import static io.github.httppool.findings.LimitRulesTests.only;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for rules about the machine.
 */
class MachineRulesTests {

	static Seen pauses() {
		return pauses(3, 500);
	}

	private static Seen pauses(int count, long millis) {
		return new Seen().pauses((step) -> Duration.ofMillis((step > 24 - count) ? millis : 3));
	}

	@Test
	void repeatedPausesAreReported() {
		Finding finding = only(FindingCode.PAUSES, pauses());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isNull();
		assertThat(finding.message())
			.startsWith("The process or its machine stood still in 3 of 24 samples, for 500ms at most");
		assertThat(finding.advice()).contains("-Xlog:gc,safepoint", "nr_throttled");
		assertNone(pauses(3, 499));
		assertNone(pauses(2, 500));
	}

	@Test
	void aLongPauseIsReportedImmediately() {
		assertThat(only(FindingCode.PAUSES, pauses(1, 5000)).message()).contains("in 1 of 24 samples, for 5s at most");
		assertNone(pauses(1, 4999));
	}

	static Seen clockChanged() {
		return jump(2000);
	}

	private static Seen jump(long millis) {
		return new Seen().clockJumps((step) -> Duration.ofMillis((step == 7) ? millis : 1));
	}

	@Test
	void aClockChangeIsReported() {
		Finding finding = only(FindingCode.CLOCK_CHANGED, clockChanged());
		assertThat(finding.severity()).isEqualTo(Severity.INFO);
		assertThat(finding.route()).isNull();
		assertThat(finding.message()).isEqualTo("The wall clock was set once, the furthest by 2s ahead");
		assertNone(jump(1999));
		assertNone(jump(-1999));
		assertThat(only(FindingCode.CLOCK_CHANGED, jump(-3_600_000)).message()).endsWith("by 3600s back");
	}

	@Test
	void eventsBeforeTheWindowAreNotReported() {
		assertNone(new Seen().pauses((step) -> Duration.ofSeconds((step == 0) ? 60 : 0))
			.clockJumps((step) -> Duration.ofSeconds((step == 0) ? 60 : 0)));
	}

}
