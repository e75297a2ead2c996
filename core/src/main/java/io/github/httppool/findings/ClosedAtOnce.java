package io.github.httppool.findings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes a server that closed very many connections within seconds. The finding is
 * reported with the next sample, even if this happens only once. Its message contains
 * only observations.
 *
 * @param announced connections closed after a response that announced the close
 * @param silent connections closed while they were idle
 * @param during the steps in which that happened
 * @param idle shortest idle time of the latter, in nanoseconds, or -1
 * @param refused connects that failed around that time
 */
record ClosedAtOnce(long announced, long silent, Steps during, long idle, long refused) {

	/**
	 * Minimum number of closed connections. A restarting server closes no more than the
	 * default limit of a route.
	 */
	static final int LEAST = 100;

	/**
	 * Minimum percentage of the leases in that period.
	 */
	private static final int SHARE = 10;

	/**
	 * Minimum percentage of the leases in that period if there is no earlier data.
	 */
	private static final int SHARE_AT_FIRST = 50;

	/**
	 * Minimum ratio to the earlier share, so that periodic closes do not count as a
	 * burst.
	 */
	private static final int TIMES = 4;

	/**
	 * Number of steps: a sample may fall into the middle of a burst.
	 */
	private static final int STEPS = 2;

	static @Nullable ClosedAtOnce of(Closes closes) {
		List<RouteChange> steps = closes.steps().list();
		for (int i = steps.size(); i > 0; i--) {
			Steps during = new Steps(steps.subList(Math.max(0, i - STEPS), i));
			long closed = closed(during);
			Steps before = new Steps(steps.subList(0, Math.max(0, i - STEPS)));
			if (closed >= LEAST && isMuch(closed, during.leases(), before)) {
				Steps about = new Steps(steps.subList(Math.max(0, i - STEPS - 1), Math.min(i + 1, steps.size())));
				return new ClosedAtOnce(during.sum(RouteChange::announcedCloses),
						during.sum(RouteChange::serverClosedIdle), during.where((step) -> closed(step) > 0),
						shortest(during), about.timing(RouteChange::tcp).failures());
			}
		}
		return null;
	}

	private static boolean isMuch(long closed, long leases, Steps before) {
		if (100 * closed < SHARE * leases) {
			return false;
		}
		long leasesBefore = before.leases();
		return (leasesBefore == 0) ? 100 * closed >= SHARE_AT_FIRST * leases
				: (double) closed * leasesBefore >= TIMES * (double) closed(before) * leases;
	}

	private static long closed(Steps steps) {
		return steps.sum(ClosedAtOnce::closed);
	}

	private static long closed(RouteChange step) {
		return step.announcedCloses() + step.serverClosedIdle();
	}

	private static long shortest(Steps steps) {
		return steps.list()
			.stream()
			.mapToLong((step) -> step.after().idle().shortest())
			.filter((time) -> time >= 0)
			.min()
			.orElse(-1);
	}

	boolean isSilent() {
		return this.announced < LEAST;
	}

	String message() {
		String idle = (this.silent != 0 && this.idle >= 0)
				? "; those without it had been idle for %s or longer".formatted(Format.time(this.idle)) : "";
		String refused = (this.refused != 0) ? "; %s connects failed about that time, as when a server restarts"
			.formatted(Format.number(this.refused)) : "";
		return "The server closed %s connections within %s, %s%s%s; callers leased %s in that time and had to open %s"
			.formatted(Format.number(this.announced + this.silent), Format.time(this.during.nanos()),
					Closes.how(this.announced, this.silent), idle, refused, Format.number(this.during.leases()),
					Format.number(this.during.opened()));
	}

	String advice(PoolWindow window) {
		String reason = (this.refused != 0) ? "Check whether the server was restarted or deployed then"
				: "Check what the server did then: a restart or a deployment, a limit of its connections, a time limit for idle ones, or a load balancer in between";
		return "%s. If it happens again: http-pool.idle-timeout (%s) must be below the server's own limit, and http-pool.retry-stale (%s) repeats what is safe"
			.formatted(reason, Format.value(window.settings().idleTimeout()), window.settings().retryStale());
	}

}
