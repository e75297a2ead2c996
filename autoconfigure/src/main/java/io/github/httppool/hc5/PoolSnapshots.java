package io.github.httppool.hc5;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.Timing;

/**
 * Puts the numbers of a pool together.
 */
final class PoolSnapshots {

	private PoolSnapshots() {
	}

	static PoolSnapshot of(ConnectionPool pool) {
		PoolLimits limits = pool.limits();
		List<PoolSnapshot.Route> routes = pool.routes()
			.all()
			.stream()
			.sorted(Comparator.comparing((route) -> route.name))
			.map((route) -> of(route, limits))
			.toList();
		long now = pool.tally().both();
		return new PoolSnapshot(pool.name(), Figures.limits(pool),
				new PoolSnapshot.Connections(Tally.leased(now), Tally.idle(now), pool.pending()), totals(pool), routes);
	}

	static PoolSnapshot.Totals totals(ConnectionPool pool) {
		Counters counters = pool.counters();
		return new PoolSnapshot.Totals(counters.calls.sum(), counters.opened.sum(), counters.reused.sum(),
				counters.closed(), counters.drained(), counters.acquireTimeouts.sum(), counters.acquireRejected.sum(),
				counters.replayed.sum(), counters.leaks.sum());
	}

	private static PoolSnapshot.Route of(Route route, PoolLimits limits) {
		long now = route.tally.both();
		Counters counters = route.counters;
		RouteTraffic traffic = route.traffic;
		return new PoolSnapshot.Route(route.name, Tally.leased(now), Tally.idle(now), route.pending.get(),
				limits.maxPerRoute(route), counters.opened.sum(), counters.reused.sum(), counters.closed(),
				counters.drained(), counters.acquireTimeouts.sum(), counters.acquireRejected.sum(),
				counters.replayed.sum(), counters.leaks.sum(), of(traffic.waited), of(traffic.held), of(traffic.dns),
				of(traffic.tcp), of(traffic.tls));
	}

	private static PoolSnapshot.Times of(TimeCounter counter) {
		Timing timing = counter.timing(false);
		long count = timing.count();
		return new PoolSnapshot.Times(count, timing.failures(),
				(count != 0) ? Duration.ofNanos(timing.nanos() / count) : Duration.ZERO);
	}

}
