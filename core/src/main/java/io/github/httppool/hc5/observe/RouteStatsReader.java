package io.github.httppool.hc5.observe;

import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.RouteFigures;

/**
 * Reads the statistics of a route.
 */
final class RouteStatsReader {

	private RouteStatsReader() {
	}

	/**
	 * Read the statistics.
	 * @param take whether this sample is kept, and the maximum values are reset
	 */
	static RouteFigures of(RouteStats route, LimitsView limits, boolean take) {
		int pending = route.pending.get();
		RouteTraffic traffic = route.traffic;
		return new RouteFigures(route.name, route.since, route.tally.read(pending), limits.maxPerRoute(route),
				LimitsView.property(route), route.tally.peakLeased(take), (int) traffic.pending.read(pending, take),
				route.counters.totalsOfRoute(), traffic.waited.timing(take), traffic.held.timing(take),
				traffic.connects(take), traffic.idle(take), traffic.callerCloses.sum(), traffic.loggedIn.sum(),
				traffic.undrainedCall(), traffic.lastLeak());
	}

	static PoolSnapshot.Limits limits(PoolView pool) {
		LimitsView limits = pool.limits();
		return new PoolSnapshot.Limits(limits.maxTotal(), limits.maxPerRoute(), limits.maxIdlePerRoute(),
				pool.settings().maxPending());
	}

}
