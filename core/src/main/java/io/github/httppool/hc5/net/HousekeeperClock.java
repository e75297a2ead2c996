package io.github.httppool.hc5.net;

/**
 * The clock of the housekeeping thread, in nanoseconds since its own origin. Detects
 * pauses of the thread, and so of the process.
 */
final class HousekeeperClock {

	private static final long NEVER = Long.MAX_VALUE;

	/**
	 * {@code nanoTime} may be negative; times since this origin are not.
	 */
	private final long origin = System.nanoTime();

	/**
	 * When another thread last woke the housekeeping thread, or {@link #NEVER}.
	 */
	private volatile long wokenAt = NEVER;

	/**
	 * When the clock was last read. Accessed only by the housekeeping thread.
	 */
	private long lookedAt;

	/**
	 * Longest time by which the thread woke late.
	 */
	private final HighWaterMark pause = new HighWaterMark();

	private final ProcessPauses pauses = new ProcessPauses();

	long now() {
		return System.nanoTime() - this.origin;
	}

	/**
	 * Convert a time since the origin to {@link System#nanoTime()}.
	 */
	long nanoTime(long time) {
		return this.origin + time;
	}

	/**
	 * Convert {@link System#nanoTime()} to a time since the origin.
	 */
	long time(long nanoTime) {
		return Math.max(0, nanoTime - this.origin);
	}

	/**
	 * Begin a period in which a late read of the clock indicates a pause.
	 */
	void begin() {
		this.wokenAt = NEVER;
		this.lookedAt = now();
	}

	/**
	 * Read the clock and record a pause if it is late.
	 */
	long look() {
		long now = now();
		stoodStill(this.lookedAt, now);
		this.lookedAt = now;
		return now;
	}

	/**
	 * Called before another thread wakes the housekeeping thread.
	 */
	void wakes() {
		this.wokenAt = now();
	}

	/**
	 * Called when the thread is awake again.
	 * @param planned when it was to wake by itself
	 */
	void awoke(long planned) {
		long now = now();
		long woken = this.wokenAt;
		this.wokenAt = NEVER;
		this.pause.raise(now - planned);
		stoodStill(Math.min(planned, woken), now);
	}

	private void stoodStill(long from, long to) {
		if (to - from >= ProcessPauses.SHORTEST) {
			this.pauses.add(nanoTime(from), nanoTime(to));
		}
	}

	long longestPause(boolean take) {
		return this.pause.read(0, take);
	}

	ProcessPauses pauses() {
		return this.pauses;
	}

}
