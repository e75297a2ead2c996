package io.github.httppool.hc5;

import java.util.Comparator;
import java.util.List;

import io.github.httppool.PoolSnapshot;

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
		Counters counters = pool.counters();
		return new PoolSnapshot(pool.name(),
				new PoolSnapshot.Limits(limits.maxTotal(), limits.maxPerRoute(), limits.maxIdlePerRoute(),
						pool.settings().maxPending()),
				new PoolSnapshot.Connections(Tally.leased(now), Tally.idle(now), pool.pending()),
				new PoolSnapshot.Totals(counters.calls.sum(), counters.opened.sum(), counters.reused.sum(),
						counters.closed(), counters.drained(), counters.acquireTimeouts.sum(),
						counters.acquireRejected.sum(), counters.replayed.sum(), counters.leaks.sum()),
				routes);
	}

	private static PoolSnapshot.Route of(Route route, PoolLimits limits) {
		long now = route.tally.both();
		return new PoolSnapshot.Route(route.name, Tally.leased(now), Tally.idle(now), route.pending.get(),
				limits.maxPerRoute(), route.counters.opened.sum(), route.counters.reused.sum(),
				route.counters.closed());
	}

}
