package io.github.httppool.findings;

import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports callers that wait because the limit of their route is reached, unless leaks or
 * failing connects are the cause.
 */
final class PoolTooSmall implements RouteRule {

	/**
	 * Factor by which a recommended limit exceeds the average demand.
	 */
	private static final double HEADROOM = 1.25;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (route.total().waited().count() < Waits.LEAST) {
			return;
		}
		Waits waits = Waits.of(route, RouteChange::isRouteFull);
		if (!waits.areMany() || LeakSuspected.fills(route, route.now().max()) || FailingConnects.isTrueOf(route)
				|| SlowRoute.of(window) == route) {
			return;
		}
		int limit = route.now().max();
		SilentLeases silent = SilentLeases.of(window, route);
		String message = "All %s connections that the route may have were leased, and callers %s. %s".formatted(limit,
				waits, (silent != null) ? "By now, " + silent : littlesLaw(route.underLimits()));
		found.accept(new Finding(FindingCode.POOL_TOO_SMALL, waits.fail() ? Severity.CRITICAL : Severity.WARNING,
				route.route(), message, (silent != null) ? advice(window, route.now())
						: advice(window, route.now().maxProperty(), size(route, limit))));
	}

	private static String littlesLaw(Steps steps) {
		Timing waited = steps.timing(RouteChange::waited);
		return "By Little's law, %s leases a second x (%s waiting + %s holding a connection) = %s connections at once on average; at the peak %s callers waited"
			.formatted(Format.rate(steps.leases(), steps.nanos()),
					Format.time(waited.nanos() / Math.max(1, steps.leases())),
					Format.time(steps.timing(RouteChange::held).mean()), (long) Math.ceil(steps.demand(steps.nanos())),
					steps.max((step) -> step.after().peakPending()));
	}

	/**
	 * Return the number of connections that callers need in the busiest period: on
	 * average, unless it is a burst, and at most one per caller.
	 */
	private static int size(RouteWindow route, int limit) {
		double demand = 0;
		int peak = limit + 1;
		Steps steps = route.underLimits();
		// The newest step may have only just begun.
		long whole = steps.max(RouteChange::nanos);
		for (RouteChange step : steps.where(RouteChange::isRouteFull).list()) {
			demand = Math.max(demand, new Steps(List.of(step)).demand(whole));
			peak = Math.max(peak, step.peakDemand());
		}
		int size = (int) Math.ceil(Math.min(peak, demand * HEADROOM));
		return (size > limit) ? size : peak;
	}

	/**
	 * Advise on a silent server. Additional connections would wait for the same server.
	 */
	private static String advice(PoolWindow window, RouteFigures route) {
		return "Find out first why no bytes arrive: check the server, the network to it, and whether these calls send large bodies. A higher %s, now %s, helps if such long calls are expected. http-pool.response-timeout (%s) and http-pool.call-timeout bound how long a call holds a connection"
			.formatted(route.maxProperty(), route.max(), Format.value(window.settings().responseTimeout()));
	}

	private static String advice(PoolWindow window, String property, int size) {
		int maxTotal = window.now().limits().maxTotal();
		String total = (size > maxTotal) ? " and http-pool.max-total, now %s, to at least as much".formatted(maxTotal)
				: "";
		return "Set %s to %s%s, if the server can handle that many connections; otherwise make the calls shorter, or fewer at once"
			.formatted(property, size, total);
	}

}
