package io.github.httppool.findings;

import java.util.function.Predicate;

/**
 * The waits of callers for a connection while a limit was reached.
 *
 * @param time the number and duration of the waits
 * @param leases number of leases in the whole period
 * @param held the durations of these leases
 * @param acquireTimeouts number of callers that gave up
 */
record Waits(Timing time, long leases, Timing held, long acquireTimeouts) {

	/**
	 * Minimum number of waits; fewer may be a single burst.
	 */
	static final int LEAST = 20;

	/**
	 * Minimum percentage of leases that had to wait.
	 */
	static final int SHARE = 5;

	/**
	 * Minimum percentage of the lease duration; callers do not notice shorter waits.
	 */
	static final int SHARE_OF_TIME = 10;

	/**
	 * Minimum number of callers that gave up at which the finding is critical.
	 */
	static final int FAILURES = 5;

	static final Waits NONE = new Waits(Timing.NONE, 0, Timing.NONE, 0);

	/**
	 * Return the waits on a route under the current limits.
	 * @param full whether the limit in question was reached
	 */
	static Waits of(RouteWindow route, Predicate<RouteChange> full) {
		Steps all = route.underLimits();
		Steps bound = all.where(full);
		return new Waits(bound.timing(RouteChange::waited), all.leases(), all.timing(RouteChange::held),
				bound.sum(RouteChange::acquireTimeouts));
	}

	Waits plus(Waits other) {
		return new Waits(this.time.plus(other.time), this.leases + other.leases, this.held.plus(other.held),
				this.acquireTimeouts + other.acquireTimeouts);
	}

	/**
	 * Return whether callers are delayed noticeably.
	 */
	boolean areMany() {
		return areMany(LEAST);
	}

	boolean areMany(int least) {
		return this.time.count() >= least && 100 * this.time.count() >= SHARE * (this.leases + this.acquireTimeouts)
				&& 100 * this.time.nanos() >= SHARE_OF_TIME * this.held.nanos();
	}

	boolean fail() {
		return this.acquireTimeouts >= FAILURES;
	}

	@Override
	public String toString() {
		String waited = "waited for a connection %s times in %s leases, for %s on average and %s at most".formatted(
				Format.number(this.time.count()), Format.number(this.leases), Format.time(this.time.mean()),
				Format.time(this.time.longest()));
		return (this.acquireTimeouts == 0) ? waited
				: waited + "; %s gave up (http-pool.acquire-timeout)".formatted(Format.number(this.acquireTimeouts));
	}

}
