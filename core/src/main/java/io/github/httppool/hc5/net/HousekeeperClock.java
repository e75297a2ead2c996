package io.github.httppool.hc5.net;

/**
 * The time as the housekeeper's thread sees it, in nanoseconds since its own origin. It
 * notices when the thread, and the process with it, stood still.
 */
final class HousekeeperClock {

	private static final long NEVER = Long.MAX_VALUE;

	/** {@code nanoTime} may be negative, times since here are not. */
	private final long origin = System.nanoTime();

	/** When another thread last woke the thread, or {@link #NEVER}. */
	private volatile long wokenAt = NEVER;

	/** When the thread last looked. Known to it alone. */
	private long lookedAt;

	/** Longest time by which the thread woke too late. */
	private final HighWaterMark pause = new HighWaterMark();

	private final ProcessPauses pauses = new ProcessPauses();

	long now() {
		return System.nanoTime() - this.origin;
	}

	/**
	 * Return a time since the origin as {@link System#nanoTime()} would have it.
	 */
	long nanoTime(long time) {
		return this.origin + time;
	}

	/**
	 * Return a time of {@link System#nanoTime()} as one since the origin.
	 */
	long time(long nanoTime) {
		return Math.max(0, nanoTime - this.origin);
	}

	/**
	 * Begin a time in which the thread has next to nothing to do between two looks.
	 */
	void begin() {
		this.wokenAt = NEVER;
		this.lookedAt = now();
	}

	/**
	 * Look at the clock.
	 */
	long look() {
		long now = now();
		stoodStill(this.lookedAt, now);
		this.lookedAt = now;
		return now;
	}

	/**
	 * Another thread is about to wake the thread.
	 */
	void wakes() {
		this.wokenAt = now();
	}

	/**
	 * The thread is awake again.
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
