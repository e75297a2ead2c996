package io.github.httppool.hc5.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the connections that were opened in the last minute, with one counter per
 * second. Updated only when a connection is opened.
 */
public final class OpeningRate {

	private static final int SECONDS = 60;

	/**
	 * The second in the upper 32 bits, the count in the lower 32 bits.
	 */
	private final AtomicLongArray slots = new AtomicLongArray(SECONDS);

	private final long began;

	public OpeningRate(long now) {
		this.began = now;
	}

	public void count(long now) {
		long second = second(now);
		int slot = (int) (second % SECONDS);
		long before;
		long after;
		do {
			before = this.slots.get(slot);
			after = (before >> 32 == second) ? before + 1 : (second << 32) + 1;
		}
		while (!this.slots.compareAndSet(slot, before, after));
	}

	/**
	 * Returns the count of this second and the preceding 59.
	 */
	public int lastMinute(long now) {
		long second = second(now);
		int count = 0;
		for (int i = 0; i < SECONDS; i++) {
			long slot = this.slots.get(i);
			if (second - (slot >> 32) < SECONDS) {
				count += (int) slot;
			}
		}
		return count;
	}

	/**
	 * Starts at 1, because 0 marks an empty slot.
	 */
	private long second(long now) {
		return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, now - this.began)) + 1;
	}

}
