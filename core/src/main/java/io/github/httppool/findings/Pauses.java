package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports that the process or its machine was paused repeatedly or for long.
 */
final class Pauses implements Rule {

	/**
	 * A single pause of this length is reported.
	 */
	private static final Duration LONG_PAUSE = Duration.ofSeconds(5);

	@Override
	public void check(PoolWindow window, Consumer<Finding> found) {
		long pauses = window.steps().stream().filter((sample) -> sample.longestPause() >= PoolFigures.PAUSE).count();
		long longest = window.longestPause();
		if (pauses < Steps.REPEATED && longest < LONG_PAUSE.toNanos()) {
			return;
		}
		String message = "The process or its machine stood still in %s of %s samples, for %s at most, and every call with it: the pool's thread woke up so much too late"
			.formatted(pauses, window.steps().size(), Format.time(longest));
		String advice = "Check the garbage collector (-Xlog:gc,safepoint), the container's limits.cpu (nr_throttled of cpu.stat), the machine's load, swapping, and pauses of the virtual machine. No http-pool property helps; http-pool.acquire-timeout (%s) and http-pool.connect-timeout (%s) must be above such a pause"
			.formatted(Format.value(window.settings().acquireTimeout()),
					Format.value(window.settings().connectTimeout()));
		found.accept(new Finding(FindingCode.PAUSES, Severity.WARNING, null, message, advice));
	}

}
