package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * Process or machine stands still, again and again or for long.
 */
final class Pauses implements Rule {

	/** Garbage collectors keep below that when all is well. */
	private static final Duration PAUSE = Duration.ofMillis(500);

	/** One of these is enough. */
	private static final Duration LONG_PAUSE = Duration.ofSeconds(5);

	@Override
	public void check(PoolWindow window, Consumer<Finding> found) {
		long pauses = window.steps().stream().filter((sample) -> sample.longestPause() >= PAUSE.toNanos()).count();
		long longest = window.longestPause();
		if (pauses < PoolWindow.REPEATED && longest < LONG_PAUSE.toNanos()) {
			return;
		}
		String message = "The pool's thread woke up too late in %s of %s samples, by %s at most, as where process or machine stand still, and every call with them"
			.formatted(pauses, window.steps().size(), Text.time(longest));
		String advice = "Look at the garbage collector (-Xlog:gc,safepoint), the container's limits.cpu (nr_throttled of cpu.stat), the machine's load, swapping, and pauses of the virtual machine. No http-pool property helps; http-pool.acquire-timeout (%s) and http-pool.connect-timeout (%s) must be above such a pause"
			.formatted(Text.value(window.settings().acquireTimeout()), Text.value(window.settings().connectTimeout()));
		found.accept(new Finding(FindingCode.PAUSES, Severity.WARNING, null, message, advice));
	}

}
