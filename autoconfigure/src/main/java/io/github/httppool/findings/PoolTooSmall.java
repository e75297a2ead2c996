package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * Callers wait because the limit of their route is reached, and neither leaks nor
 * connects that fail are the reason.
 */
final class PoolTooSmall implements RouteRule {

	/** What is set is more than what is needed on average. */
	private static final double HEADROOM = 1.25;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		Waits waits = Waits.of(route, RouteChange::isRouteFull);
		if (!waits.areMany() || LeakSuspected.fills(route, route.total().after().max())
				|| FailingConnects.isTrueOf(route) || SlowRoute.of(window) == route) {
			return;
		}
		int limit = route.total().after().max();
		int size = size(route, limit);
		RouteChange total = route.underLimits();
		String message = "All %s connections that the route may have were leased, and callers %s. By Little's law, %s leases a second x (%s waiting + %s holding a connection) = %s connections at once on average; at the peak %s callers waited"
			.formatted(limit, waits, Text.rate(total.leases(), total.nanos()),
					Text.time(total.waited().nanos() / Math.max(1, total.leases())), Text.time(total.held().mean()),
					(long) Math.ceil(total.demand(total.nanos())), peakPending(route));
		found.accept(new Finding(FindingCode.POOL_TOO_SMALL, waits.fail() ? Severity.CRITICAL : Severity.WARNING,
				route.route(), message, advice(window, total.after().maxProperty(), size)));
	}

	private static int peakPending(RouteWindow route) {
		return route.underLimits((step) -> true)
			.stream()
			.mapToInt((step) -> step.after().peakPending())
			.max()
			.orElse(0);
	}

	/**
	 * Return what the callers need in the busiest time; on average, unless that is a
	 * burst, and no more than there were callers.
	 */
	private static int size(RouteWindow route, int limit) {
		double demand = 0;
		int peak = limit + 1;
		// The newest step may have just begun.
		long whole = route.max(RouteChange::nanos);
		for (RouteChange step : route.underLimits(RouteChange::isRouteFull)) {
			demand = Math.max(demand, step.demand(whole));
			peak = Math.max(peak, step.peakDemand());
		}
		int size = (int) Math.ceil(Math.min(peak, demand * HEADROOM));
		return (size > limit) ? size : peak;
	}

	private static String advice(PoolWindow window, String property, int size) {
		int maxTotal = window.now().limits().maxTotal();
		String total = (size > maxTotal) ? " and http-pool.max-total, now %s, to at least as much".formatted(maxTotal)
				: "";
		return "Set %s to %s%s, if the server stands so many connections; otherwise make the calls shorter, or fewer at once"
			.formatted(property, size, total);
	}

}
