package io.github.httppool.findings;

import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports that the limit of the pool is reached before those of its routes: callers wait,
 * or idle connections of one route are closed for another.
 */
final class TotalLimitBinds implements Rule {

	/**
	 * Minimum number of connections closed to make room.
	 */
	private static final int EVICTED = 20;

	/**
	 * Minimum percentage of leases whose connection was closed to make room.
	 */
	private static final int SHARE_EVICTED = 10;

	private static final double HEADROOM = 1.25;

	@Override
	public void check(PoolWindow window, Consumer<Finding> found) {
		if (!window.reachedLimit() || LeakSuspected.fills(window) || SlowRoute.suspect(window) != null) {
			return;
		}
		Waits waits = waits(window);
		boolean evicts = evicts(window);
		boolean binds = waits.areMany() && SlowRoute.isRepeated(window, null);
		if (!binds && !evicts) {
			return;
		}
		int limit = window.now().limits().maxTotal();
		String happened = binds
				? "All %s connections of the pool were leased before a route had reached its limit of %s, and callers %s"
					.formatted(limit, window.now().limits().maxPerRoute(), waits)
				: "%s idle connections were closed to make room for other routes, in %s leases, because the pool may have %s connections"
					.formatted(Format.number(evicted(window)), Format.number(leases(window)), limit);
		long demand = demand(window);
		String advice = "Set http-pool.max-total to %s: the routes, %s of them, had or wanted up to %s connections"
			.formatted(Math.max(limit + 1, (long) Math.ceil(demand * HEADROOM)), window.routes().size(), demand);
		found.accept(new Finding(FindingCode.TOTAL_LIMIT_BINDS, waits.fail() ? Severity.CRITICAL : Severity.WARNING,
				null, happened, advice));
	}

	static Waits waits(PoolWindow window) {
		return window.routes()
			.stream()
			.map((route) -> Waits.of(route, RouteChange::isPoolFull))
			.reduce(Waits.NONE, Waits::plus);
	}

	/**
	 * Return whether connections that could have been reused were closed for others.
	 */
	static boolean evicts(PoolWindow window) {
		long evicted = evicted(window);
		return evicted >= EVICTED && 100 * evicted >= SHARE_EVICTED * leases(window);
	}

	private static long leases(PoolWindow window) {
		return sum(window, RouteChange::leases);
	}

	/**
	 * Return the number of idle connections that were closed for other routes while the
	 * pool was at its limit. Closes by an operator, a resize or a reload do not count.
	 */
	static long evicted(PoolWindow window) {
		return sum(window, (step) -> isFull(step) ? step.madeRoom() : 0);
	}

	/**
	 * A suspension of the machine distorts idle times, so such steps do not count.
	 */
	private static boolean isFull(RouteChange step) {
		return step.pool().peakTotal() >= step.pool().limits().maxTotal() && !step.suspended();
	}

	private static long sum(PoolWindow window, ToLongFunction<RouteChange> number) {
		return window.routes().stream().mapToLong((route) -> route.underLimits().sum(number)).sum();
	}

	/**
	 * Return the total demand of all routes, each in its busiest period.
	 */
	private static long demand(PoolWindow window) {
		return window.routes().stream().mapToLong((route) -> route.underLimits().max(RouteChange::peakDemand)).sum();
	}

}
