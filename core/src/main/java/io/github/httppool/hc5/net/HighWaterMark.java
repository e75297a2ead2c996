package io.github.httppool.hc5.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest value of a time, which ends when it is taken. Where a value is not higher,
 * as almost always, raising costs one read.
 */
public final class HighWaterMark {

	private final AtomicLong highest = new AtomicLong();

	public void raise(long value) {
		long current = this.highest.get();
		while (value > current && !this.highest.compareAndSet(current, value)) {
			current = this.highest.get();
		}
	}

	/**
	 * Return the highest value, and begin anew unless only looking.
	 * @param current the value of now, with which the next time begins
	 */
	public long read(long current, boolean take) {
		long peak = take ? this.highest.getAndSet(0) : this.highest.get();
		if (take) {
			// After the reset: what is raised meanwhile is kept.
			raise(current);
		}
		return Math.max(peak, current);
	}

}
