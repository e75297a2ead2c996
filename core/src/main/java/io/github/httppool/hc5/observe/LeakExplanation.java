package io.github.httppool.hc5.observe;

import java.time.Duration;

import io.github.httppool.hc5.net.DurationFormat;

/**
 * Explains leaks: which caller held a connection for too long, or lost it.
 */
public final class LeakExplanation {

	private static final String HOW_TO_CLOSE = "close it, best with try-with-resources, or use retrieve() "
			+ "or exchange(...) with a handler, which close it";

	private LeakExplanation() {
	}

	public static String heldForTooLong(PoolView pool, LeaseView lease, Duration threshold) {
		return Explanation.of(pool, "%s has held its connection to %s for %s (pool '%s'). That is longer than %s "
				+ "(http-pool.leak-detection-threshold). It was taken by thread '%s', as the stack trace shows. %sIf its response is not closed: %s. If the "
				+ "call may take that long: set a longer threshold; http-pool.call-timeout ends calls",
				Explanation.call(lease), lease.routeStats().name, DurationFormat.format(lease.heldFor()), pool.name(),
				DurationFormat.format(threshold), lease.thread(), Explanation.counts(pool, lease.routeStats()),
				HOW_TO_CLOSE);
	}

	public static String lostResponse(PoolView pool, LeaseView lease, long others, boolean traced) {
		return Explanation.of(pool,
				"The response of %s from %s was lost without being closed (pool '%s'). Its connection, held for %s, is "
						+ "closed now, and its place in the pool is free again. It was taken by thread '%s'%s. %s%sUntil the garbage collector "
						+ "notices, a lost response takes a connection away from others: %s",
				Explanation.call(lease), lease.routeStats().name, pool.name(), DurationFormat.format(lease.heldFor()),
				lease.thread(),
				traced ? ", as the stack trace shows"
						: "; with http-pool.leak-detection-threshold set, a stack trace shows where",
				(others > 0) ? others + " more were lost since the last such warning. " : "",
				Explanation.counts(pool, lease.routeStats()), HOW_TO_CLOSE);
	}

	public static String heldLeaseEnded(PoolView pool, LeaseView lease) {
		return "%s has ended: its connection to %s, reported before as held for too long, was held for %s by thread '%s' (pool '%s')"
			.formatted(Explanation.call(lease), lease.routeStats().name, DurationFormat.format(lease.heldFor()),
					lease.thread(), pool.name());
	}

}
