package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;

/**
 * Pauses of this process, as detected by the housekeeping thread: the process was
 * stopped, throttled, suspended with its machine, or collecting garbage. Pauses do not
 * count towards deadlines, because no thread can read bytes during a pause. The
 * housekeeper writes them; any thread may read.
 */
public final class ProcessPauses {

	/**
	 * Minimum pause. Shorter delays are normal scheduling.
	 */
	static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	/**
	 * Time after a pause for threads to read the bytes that have arrived. A pause can
	 * begin before it is detected.
	 */
	static final long GRACE = TimeUnit.MILLISECONDS.toNanos(200);

	/**
	 * Minimum pause that is reported to users.
	 */
	private static final long MIN_REPORTED = TimeUnit.MILLISECONDS.toNanos(100);

	/** Start and end of 128 pauses. */
	private static final int MAX_TIMES = 2 * 128;

	/** Start and end of each pause, the latest pause first. Replaced as a whole. */
	private volatile long[] times = {};

	/**
	 * Adds a pause that ends now.
	 */
	void add(long from, long to) {
		long[] before = this.times;
		long[] times = new long[Math.min(before.length + 2, MAX_TIMES)];
		times[0] = from;
		times[1] = to;
		System.arraycopy(before, 0, times, 2, times.length - 2);
		this.times = times;
	}

	/**
	 * Returns the total duration of pauses since the given time, in nanoseconds.
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
	 * Returns the total duration of pauses in the given period up to now.
	 * @param running the length of the period, in nanoseconds
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
	 * Returns how much time is left before a deadline.
	 * @param began when the period of the deadline began
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
	 * Returns the pause if it is long enough to explain a timeout, otherwise 0.
	 */
	public static long ifRelevant(long pause, long limit) {
		return (pause >= MIN_REPORTED && pause >= limit / 10) ? pause : 0;
	}

	private static long later(long one, long other) {
		return (one - other > 0) ? one : other;
	}

}
