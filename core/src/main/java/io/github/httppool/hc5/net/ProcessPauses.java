package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;

/**
 * The times in which this process stood still, as the thread that keeps the deadlines of
 * a pool notices them: the process was stopped, throttled or suspended with its machine,
 * or it collected garbage. Such a time does not count for a deadline, because no thread
 * could read what arrived. The housekeeper adds to it; any thread reads from it.
 */
public final class ProcessPauses {

	/** Threads are late by less at any time. */
	static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(10);

	/**
	 * Time that threads have after a pause to take what is there. A pause can begin
	 * before it is noticed.
	 */
	static final long GRACE = TimeUnit.MILLISECONDS.toNanos(200);

	/** Shorter pauses are not worth a word. */
	private static final long LEAST_TOLD = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int MOST = 2 * 128;

	/** Begin and end of each pause, the latest pause first. Replaced as a whole. */
	private volatile long[] times = {};

	/**
	 * Add a pause that ends now.
	 */
	void add(long from, long to) {
		long[] before = this.times;
		long[] times = new long[Math.min(before.length + 2, MOST)];
		times[0] = from;
		times[1] = to;
		System.arraycopy(before, 0, times, 2, times.length - 2);
		this.times = times;
	}

	/**
	 * Return how long the process has stood still since a time, in nanoseconds.
	 */
	public long since(long began) {
		long[] times = this.times;
		long sum = 0;
		for (int i = 0; i < times.length && times[i + 1] - began > 0; i += 2) {
			sum += times[i + 1] - later(times[i], began);
		}
		return sum;
	}

	/**
	 * Return how long the process stood still while it has been running for some time.
	 * @param running the time that it has been running, up to now
	 */
	public long during(long running, long now) {
		long[] times = this.times;
		long began = now - running;
		for (int i = 0; i < times.length && times[i + 1] - began > 0; i += 2) {
			began -= times[i + 1] - times[i];
		}
		return now - running - began;
	}

	/**
	 * Return how much time is left before a deadline.
	 * @param began when the time began that the deadline ends
	 * @return nanoseconds, 0 or less if the deadline has passed
	 */
	public long left(long began, long deadline, long now) {
		long[] times = this.times;
		long end = deadline;
		long grace = deadline;
		for (int i = 0; i < times.length && times[i + 1] - began > 0; i += 2) {
			long pause = times[i + 1] - later(times[i], began);
			end += pause;
			grace = later(grace, times[i + 1] + Math.min(pause, GRACE));
		}
		return later(end, grace) - now;
	}

	/**
	 * Return the part of a pause that explains a timeout: all of it or nothing.
	 */
	public static long told(long pause, long limit) {
		return (pause >= LEAST_TOLD && pause >= limit / 10) ? pause : 0;
	}

	private static long later(long one, long other) {
		return (one - other > 0) ? one : other;
	}

}
