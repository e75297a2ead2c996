package io.github.httppool.findings;

import java.time.Duration;
import java.util.Arrays;

import io.github.httppool.HttpPoolSettings;

/**
 * How the server of a route closes its connections, as far as it shows. What this side
 * asked for is not among it.
 *
 * @param steps since connections are kept
 * @param idleAllowed after which time the server closes an idle connection, in
 * nanoseconds, or -1 if it did not close any
 */
record Closes(Steps steps, long idleAllowed) {

	/** No server keeps idle connections for less on purpose. */
	static final Duration AT_ONCE = Duration.ofMillis(500);

	static Closes of(RouteWindow route) {
		// A server closes what is idle while the machine is suspended.
		Steps steps = route.since(HttpPoolSettings::keepAlive).where((step) -> !step.suspended());
		return new Closes(steps, idleAllowed(steps));
	}

	/**
	 * The shortest times of all are left aside where there are many: a restart of the
	 * server closes what was used just before.
	 */
	private static long idleAllowed(Steps steps) {
		long[] times = steps.list()
			.stream()
			.filter((step) -> step.serverClosedIdle() > 0)
			.mapToLong((step) -> step.after().shortestIdle())
			.filter((time) -> time >= 0)
			.toArray();
		Arrays.sort(times);
		return (times.length != 0) ? times[times.length / 4] : -1;
	}

	/**
	 * Return whether the server closes connections that have just become idle.
	 */
	boolean isAtOnce() {
		return this.idleAllowed >= 0 && this.idleAllowed < AT_ONCE.toNanos();
	}

	/**
	 * Return how many connections were closed after a response.
	 */
	long number(RouteChange step) {
		return step.announcedCloses() + (isAtOnce() ? step.serverClosedIdle() : 0);
	}

	/**
	 * Return the steps in which that went on.
	 */
	Steps lasting() {
		return this.steps.lasting((step) -> number(step) > 0);
	}

	/**
	 * Return whether no connection served again after it had been idle for longer, as
	 * long as the server closed them.
	 */
	boolean isLimit() {
		Steps before = this.steps.until((step) -> step.serverClosedIdle() > 0);
		return before.max((step) -> step.after().survivedIdle()) <= this.idleAllowed;
	}

}
