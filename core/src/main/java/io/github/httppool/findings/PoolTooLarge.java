package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports a pool that permanently holds far more connections than it ever needs at once.
 * An unused limit wastes nothing, and surplus connections usually end with their idle
 * timeout. This rule finds those that do not.
 */
final class PoolTooLarge implements RouteRule {

	/**
	 * Minimum number of leases; with less traffic the demand is unknown.
	 */
	private static final int LEASES = 1000;

	/**
	 * Minimum number of surplus connections.
	 */
	private static final int SURPLUS = 20;

	/**
	 * Minimum ratio of open connections to the peak of leased ones.
	 */
	private static final int TIMES = 4;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		long leases = route.total().leases();
		if (!window.isFull() || leases < LEASES) {
			return;
		}
		int peak = (int) route.steps().max((step) -> step.after().peakLeased());
		int kept = route.steps()
			.list()
			.stream()
			.mapToInt((step) -> step.after().connections().leased() + step.after().connections().idle())
			.min()
			.orElse(0);
		if (kept - peak < SURPLUS || kept < TIMES * peak) {
			return;
		}
		String message = "At least %s connections were open all the time, and never more than %s leased at once, in %s leases in %s"
			.formatted(kept, peak, Format.number(leases), Format.time(window.nanos()));
		String advice = "Set http-pool.max-idle-per-route to %s, or http-pool.idle-timeout below %s%s".formatted(
				2 * peak, Format.value(window.settings().idleTimeout()), switch (window.settings().reusePolicy()) {
					case LIFO -> "";
					case FIFO -> "; http-pool.reuse-policy=fifo uses all of them in turn, so that none reaches that";
				});
		found.accept(new Finding(FindingCode.POOL_TOO_LARGE, Severity.INFO, route.route(), message, advice));
	}

}
