package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import io.github.httppool.PoolActivity;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.Timing;

/**
 * Creates snapshots of a pool's statistics.
 */
public final class PoolSnapshots {

	/**
	 * Ties are resolved by the total number of calls.
	 */
	private static final Comparator<BusyRoute> BUSIEST_FIRST = Comparator.comparingInt(BusyRoute::pending)
		.thenComparingLong(BusyRoute::recent)
		.thenComparingLong(BusyRoute::leases)
		.reversed()
		.thenComparing((busy) -> busy.route.name);

	private PoolSnapshots() {
	}

	public static PoolSnapshot of(PoolView pool, Samples samples) {
		long now = System.nanoTime();
		RecentActivity recent = new RecentActivity(now, samples);
		Collection<? extends RouteStats> routes = pool.allRoutes();
		return of(pool, samples, now, recent, waited(routes, recent),
				routes.stream().sorted(Comparator.comparing((route) -> route.name)).toList(), routes.size());
	}

	public static PoolSnapshot busiest(PoolView pool, Samples samples, int most) {
		long now = System.nanoTime();
		RecentActivity recent = new RecentActivity(now, samples);
		Collection<? extends RouteStats> routes = pool.allRoutes();
		List<BusyRoute> busy = new ArrayList<>(routes.size());
		routes.forEach((route) -> busy.add(BusyRoute.of(route, recent)));
		busy.sort(BUSIEST_FIRST);
		return of(pool, samples, now, recent, waited(routes, recent),
				busy.stream().limit(most).map(BusyRoute::route).toList(), busy.size());
	}

	private static PoolSnapshot of(PoolView pool, Samples samples, long now, RecentActivity recent, Timing waited,
			List<? extends RouteStats> routes, int routeCount) {
		PoolActivity activity = samples.activity().upToNow(now, pool, waited, samples.sampling());
		LimitsView limits = pool.limits();
		return new PoolSnapshot(pool.name(), samples.activity().since, RouteStatsReader.limits(pool),
				pool.tally().read(pool.pending()), activity, pool.counters().totals(),
				routes.stream().map((route) -> of(route, limits, recent)).toList(), routeCount);
	}

	private static Timing waited(Collection<? extends RouteStats> routes, RecentActivity recent) {
		return routes.stream().map(recent::waited).reduce(Timing.NONE, Timing::plus);
	}

	public static PoolLoad load(PoolView pool, CurrentFindings findings) {
		LimitsView limits = pool.limits();
		return new PoolLoad(limits.maxTotal(), findings.ofLastEvaluation(),
				pool.allRoutes()
					.stream()
					.map((route) -> new PoolLoad.Route(route.name, route.tally.read(route.pending.get()),
							limits.maxPerRoute(route)))
					.toList());
	}

	private static PoolSnapshot.Route of(RouteStats route, LimitsView limits, RecentActivity recent) {
		RouteTraffic traffic = route.traffic;
		return new PoolSnapshot.Route(route.name, route.tally.read(route.pending.get()), limits.maxPerRoute(route),
				recent.of(route), route.counters.totalsOfRoute(), of(traffic.waited), of(traffic.held), of(traffic.dns),
				of(traffic.tcp), of(traffic.tls));
	}

	private static PoolSnapshot.Times of(TimeCounter counter) {
		Timing timing = counter.timing(false);
		long count = timing.count();
		return new PoolSnapshot.Times(count, timing.failures(),
				(count != 0) ? Duration.ofNanos(timing.nanos() / count) : Duration.ZERO);
	}

	/**
	 * The load of a route, captured so that it does not change during sorting.
	 */
	private record BusyRoute(RouteStats route, int pending, long recent, long leases) {

		static BusyRoute of(RouteStats route, RecentActivity recent) {
			return new BusyRoute(route, route.pending.get(), recent.leases(route) + route.tally.leased(),
					route.counters.opened.sum() + route.counters.reused.sum());
		}

	}

}
