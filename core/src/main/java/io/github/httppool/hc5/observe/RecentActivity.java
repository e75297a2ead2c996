package io.github.httppool.hc5.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.PoolActivity;
import io.github.httppool.PoolSnapshot.Totals;
import io.github.httppool.findings.PoolFigures;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Timing;
import org.jspecify.annotations.Nullable;

/**
 * The activity on the routes of a pool within the window, up to now: the difference from
 * the oldest sample.
 */
final class RecentActivity {

	private final long nanos;

	private final Map<String, RouteFigures> then = new HashMap<>();

	/** In nanoseconds; only routes on which callers had to wait. */
	private final Map<String, Long> longestWaits = new HashMap<>();

	RecentActivity(long now, Samples samples) {
		List<PoolFigures> kept = samples.kept();
		long since = samples.activity().coveredSince(now, samples.sampling());
		this.nanos = now - since;
		int first = first(kept, since);
		List<RouteFigures> before = kept.isEmpty() ? samples.lastRoutes() : kept.get(first).routes();
		before.forEach((route) -> this.then.put(route.route(), route));
		for (int i = first + 1; i < kept.size(); i++) {
			for (RouteFigures route : kept.get(i).routes()) {
				if (route.waited().longest() != 0) {
					this.longestWaits.merge(route.route(), route.waited().longest(), Math::max);
				}
			}
		}
	}

	/**
	 * Samples from before a pause of the process are kept for longer, but do not count
	 * here.
	 */
	private static int first(List<PoolFigures> kept, long since) {
		int first = 0;
		while (first + 1 < kept.size() && kept.get(first + 1).nanoTime() - since <= 0) {
			first++;
		}
		return first;
	}

	/**
	 * Return how often a connection to a route was leased.
	 */
	long leases(RouteStats route) {
		RouteFigures then = then(route);
		long now = route.counters.opened.sum() + route.counters.reused.sum();
		return (then != null) ? now - then.totals().calls() : now;
	}

	Timing waited(RouteStats route) {
		RouteFigures then = then(route);
		Timing now = route.traffic.waited.timing(false);
		long longest = Math.max(now.longest(), this.longestWaits.getOrDefault(route.name, 0L));
		Timing since = (then != null) ? now.since(then.waited()) : now;
		return new Timing(since.count(), since.failures(), since.nanos(), longest);
	}

	PoolActivity of(RouteStats route) {
		RouteFigures then = then(route);
		Totals before = (then != null) ? then.totals() : Totals.NONE;
		return ActivitySamples.activity(this.nanos, before, route.counters.totalsOfRoute(), waited(route));
	}

	private @Nullable RouteFigures then(RouteStats route) {
		RouteFigures then = this.then.get(route.name);
		// Otherwise the pool has removed the unused route in the meantime.
		return (then != null && then.since() == route.since) ? then : null;
	}

}
