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
		long both = route.tally.both();
		int pending = route.pending.get();
		Counters counters = route.counters;
		RouteTraffic traffic = route.traffic;
		return new RouteFigures(route.name, route.since, ConnectionCounts.leased(both), ConnectionCounts.idle(both),
				pending, limits.maxPerRoute(route), LimitsView.property(route), route.tally.peakLeased(take),
				(int) traffic.pending.read(pending, take), counters.opened.sum(), counters.reused.sum(),
				counters.closed(), counters.drained(), traffic.undrainedCall(), counters.acquireTimeouts.sum(),
				counters.acquireRejected.sum(), traffic.staleLeased.sum(), counters.replayed.sum(),
				counters.leaks.sum(), traffic.lastLeak(), traffic.connectFailed(), traffic.connectFailure(),
				traffic.serverClosedIdle(), traffic.shortestIdle(take), traffic.waited.timing(take),
				traffic.held.timing(take), traffic.dns.timing(take), traffic.tcp.timing(take), traffic.tls.timing(take),
				traffic.tlsResumed.sum(), traffic.survivedIdle.read(0, take), traffic.madeRoom.sum(),
				traffic.loggedIn.sum(), traffic.callerCloses.sum());
	}

	static PoolSnapshot.Limits limits(PoolView pool) {
		LimitsView limits = pool.limits();
		return new PoolSnapshot.Limits(limits.maxTotal(), limits.maxPerRoute(), limits.maxIdlePerRoute(),
				pool.settings().maxPending());
	}

}
