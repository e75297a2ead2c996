package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Leases that fill a route, and over whose connections no byte comes, though their
 * callers wait for one: more connections would be as silent.
 *
 * @param count how many there are, at least
 * @param nanos for how long no byte has come over any of them, in nanoseconds
 */
record SilentLeases(int count, long nanos) {

	/** Many servers think for a shorter time. */
	private static final Duration SHORTEST = Duration.ofSeconds(1);

	/** So many times longer than leases take on average. */
	private static final int TIMES = 10;

	/** In percent of the limit of the route. */
	private static final int SHARE = 50;

	/** The window shows no more of them than this. */
	private static final int SEEN = 20;

	/**
	 * Look for them.
	 * @return the leases, or {@code null} if there are none, or few
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
