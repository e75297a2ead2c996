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
	private long lastRead;

	/**
	 * Longest time by which the thread woke late.
	 */
	private final HighWaterMark longestPause = new HighWaterMark();

	private final ProcessPauses pauses = new ProcessPauses();

	long now() {
		return System.nanoTime() - this.origin;
	}

	/**
	 * Converts a time since the origin to {@link System#nanoTime()}.
	 */
	long nanoTime(long time) {
		return this.origin + time;
	}

	/**
	 * Converts {@link System#nanoTime()} to a time since the origin.
	 */
	long time(long nanoTime) {
		return Math.max(0, nanoTime - this.origin);
	}

	/**
	 * Begins a period in which a late read of the clock indicates a pause.
	 */
	void begin() {
		this.wokenAt = NEVER;
		this.lastRead = now();
	}

	/**
	 * Reads the clock and records a pause if it is late.
	 */
	long read() {
		long now = now();
		addPause(this.lastRead, now);
		this.lastRead = now;
		return now;
	}

	/**
	 * Called before another thread wakes the housekeeping thread.
	 */
	void waking() {
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
		this.longestPause.raise(now - planned);
		addPause(Math.min(planned, woken), now);
	}

	private void addPause(long from, long to) {
		if (to - from >= ProcessPauses.MIN_PAUSE) {
			this.pauses.add(nanoTime(from), nanoTime(to));
		}
	}

	long longestPause(boolean reset) {
		return this.longestPause.read(0, reset);
	}

	ProcessPauses pauses() {
		return this.pauses;
	}

}
