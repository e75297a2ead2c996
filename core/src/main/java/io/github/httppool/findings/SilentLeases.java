package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Leases that fill a route and whose callers wait for bytes that do not arrive.
 * Additional connections would be just as silent.
 *
 * @param count minimum number of such leases
 * @param nanos how long no byte has arrived over any of them, in nanoseconds
 */
record SilentLeases(int count, long nanos) {

	/**
	 * Minimum silence; shorter processing times are common.
	 */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	/**
	 * Minimum ratio to the average duration of leases.
	 */
	private static final int TIMES = 10;

	/**
	 * Minimum percentage of the route's limit.
	 */
	private static final int SHARE = 50;

	/**
	 * Maximum number of leases in a sample.
	 */
	private static final int SEEN = 20;

	/**
	 * Find silent leases.
	 * @return the leases, or {@code null} if there are too few
	 */
	static @Nullable SilentLeases of(PoolWindow window, RouteWindow route) {
		long least = Math.max(SHORTEST.toNanos(), TIMES * route.underLimits().timing(RouteChange::held).mean());
		List<Long> silent = window.now()
			.leases()
			.stream()
			.filter((lease) -> lease.lease().route().equals(route.route()))
			.map(window::silentFor)
			.filter((time) -> time >= least)
			.sorted()
			.toList();
		int count = silent.size();
		boolean many = count >= SEEN || (count != 0 && 100 * count >= SHARE * route.now().max());
		return many ? new SilentLeases(count, silent.get(0)) : null;
	}

	@Override
	public String toString() {
		return "no byte has come over %s of them for %s or longer"
			.formatted((this.count >= SEEN) ? "at least " + this.count : this.count, Format.time(this.nanos));
	}

}
