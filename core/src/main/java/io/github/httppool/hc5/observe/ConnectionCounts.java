package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.hc5.net.HighWaterMark;

/**
 * Counts leased and idle connections in one atomic number. With two numbers, a reader
 * could count a connection twice that is released between the two reads, and report an
 * exceeded limit.
 */
public final class ConnectionCounts {

	private static final long ONE_LEASED = 1L << 32;

	private final AtomicLong counts = new AtomicLong();

	private final HighWaterMark leased = new HighWaterMark();

	private final HighWaterMark total = new HighWaterMark();

	public void lease() {
		long now = this.counts.addAndGet(ONE_LEASED);
		this.leased.raise(leased(now));
		this.total.raise(sum(now));
	}

	/**
	 * Count an idle connection as a leased one.
	 */
	public void reuse() {
		this.leased.raise(leased(this.counts.addAndGet(ONE_LEASED - 1)));
	}

	public void endLease() {
		this.counts.addAndGet(-ONE_LEASED);
	}

	/**
	 * Turn a leased connection into an idle one unless that exceeds the given maximum.
	 */
	public boolean tryKeep(int maxIdle) {
		long current;
		do {
			current = this.counts.get();
			if (idle(current) >= maxIdle) {
				return false;
			}
		}
		while (!this.counts.compareAndSet(current, current - ONE_LEASED + 1));
		return true;
	}

	public void leaveIdle() {
		this.counts.decrementAndGet();
	}

	/**
	 * Return the highest number of leased connections since the last reset.
	 */
	int peakLeased(boolean take) {
		return (int) this.leased.read(leased(), take);
	}

	/**
	 * Return the highest number of connections, leased and idle, since the last reset.
	 */
	int peakTotal(boolean take) {
		return (int) this.total.read(sum(both()), take);
	}

	public int leased() {
		return leased(this.counts.get());
	}

	public int idle() {
		return idle(this.counts.get());
	}

	/**
	 * Return a consistent snapshot of both counts, for {@link #leased(long)} and
	 * {@link #idle(long)}.
	 */
	public long both() {
		return this.counts.get();
	}

	/**
	 * Return the numbers of leased and idle connections, read together.
	 * @param pending callers that are waiting for a connection
	 */
	Connections read(int pending) {
		long both = this.counts.get();
		return new Connections(leased(both), idle(both), pending);
	}

	public static int leased(long both) {
		return (int) (both >> 32);
	}

	public static int idle(long both) {
		return (int) both;
	}

	public static int sum(long both) {
		return leased(both) + idle(both);
	}

}
