package io.github.httppool.findings;

import java.util.Comparator;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports changes of the wall clock.
 */
final class ClockChanged implements Rule {

	@Override
	public void check(PoolWindow window, Consumer<Finding> found) {
		long jumps = window.steps()
			.stream()
			.filter((sample) -> Math.abs(sample.clockJump()) >= PoolFigures.CLOCK_JUMP)
			.count();
		if (jumps == 0) {
			return;
		}
		long largest = window.steps()
			.stream()
			.map(PoolFigures::clockJump)
			.max(Comparator.comparing(Math::abs))
			.orElseThrow();
		String message = "The wall clock was set %s, the furthest by %s %s".formatted(
				(jumps == 1) ? "once" : jumps + " times", Format.time(Math.abs(largest)),
				(largest > 0) ? "ahead" : "back");
		String advice = "Check the machine's time service (chronyd makestep, ntpd) and whether the virtual machine was suspended. The pool's own time limits do not follow the wall clock; the times of logs, certificates, cookies and tokens do";
		found.accept(new Finding(FindingCode.CLOCK_CHANGED, Severity.INFO, null, message, advice));
	}

}
