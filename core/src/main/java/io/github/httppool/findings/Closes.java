package io.github.httppool.findings;

import java.time.Duration;
import java.util.Arrays;

/**
 * The observed behaviour of a route's server in closing connections. Closes that this
 * side requested do not count.
 *
 * @param steps the steps since keep-alive was enabled
 * @param idleAllowed idle time after which the server closes a connection, in
 * nanoseconds, or -1 if it closed none
 */
record Closes(Steps steps, long idleAllowed) {

	/**
	 * Minimum keep-alive time that is likely to be configured intentionally.
	 */
	static final Duration AT_ONCE = Duration.ofMillis(500);

	/**
	 * Observe a server.
	 * @param keepAlive the steps since keep-alive was enabled
	 */
	static Closes of(Steps keepAlive) {
		// While this machine is suspended, a server closes all idle connections.
		Steps steps = keepAlive.where((step) -> !step.suspended());
		return new Closes(steps, idleAllowed(steps));
	}

	/**
	 * Return the idle time after which the server closes connections. With many samples,
	 * the shortest times are ignored, because a restarting server also closes connections
	 * that were used just before.
	 */
	private static long idleAllowed(Steps steps) {
		long[] times = steps.list()
			.stream()
			.filter((step) -> step.serverClosedIdle() > 0)
			.mapToLong((step) -> step.after().idle().shortest())
			.filter((time) -> time >= 0)
			.toArray();
		Arrays.sort(times);
		return (times.length != 0) ? times[times.length / 4] : -1;
	}

	/**
	 * Describe how connections were closed.
	 */
	static String how(long announced, long silent) {
		if (silent == 0) {
			return "as its responses said";
		}
		return (announced == 0) ? "without announcing it in its responses"
				: "%s as its responses said, %s without it".formatted(Format.number(announced), Format.number(silent));
	}

	/**
	 * Return whether the server closes connections that have just become idle.
	 */
	boolean isAtOnce() {
		return this.idleAllowed >= 0 && this.idleAllowed < AT_ONCE.toNanos();
	}

	/**
	 * Return the number of connections that were closed after a response.
	 */
	long number(RouteChange step) {
		return step.announcedCloses() + (isAtOnce() ? step.serverClosedIdle() : 0);
	}

	/**
	 * Return the steps in which this behaviour lasted.
	 */
	Steps lasting() {
		return this.steps.lasting((step) -> number(step) > 0);
	}

	/**
	 * Return whether no connection was reused after a longer idle time while the server
	 * closed idle connections.
	 */
	boolean isLimit() {
		Steps before = this.steps.until((step) -> step.serverClosedIdle() > 0);
		return before.max((step) -> step.after().idle().survived()) <= this.idleAllowed;
	}

}
