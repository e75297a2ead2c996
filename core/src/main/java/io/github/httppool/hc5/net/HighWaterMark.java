package io.github.httppool.hc5.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest value since the last reset. In the usual case, where a value is not higher,
 * raising costs one read.
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
	 * Returns the highest value, and optionally resets it.
	 * @param current the current value, from which the next period starts
	 * @param reset whether a new period starts
	 */
	public long read(long current, boolean reset) {
		long peak = reset ? this.highest.getAndSet(0) : this.highest.get();
		if (reset) {
			// Raise after the reset, so that a concurrent higher value is kept.
			raise(current);
		}
		return Math.max(peak, current);
	}

}
