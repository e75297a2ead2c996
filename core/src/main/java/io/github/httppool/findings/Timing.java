package io.github.httppool.findings;

/**
 * The number of operations and their durations.
 *
 * @param count number of operations, including failures
 * @param failures number of failures
 * @param nanos total duration in nanoseconds
 * @param longest longest duration since the previous sample, in nanoseconds
 */
public record Timing(long count, long failures, long nanos, long longest) {

	public static final Timing NONE = new Timing(0, 0, 0, 0);

	/**
	 * Return the difference from an earlier timing. The longest duration still covers
	 * only the time since the last sample.
	 */
	public Timing since(Timing before) {
		return new Timing(this.count - before.count, this.failures - before.failures, this.nanos - before.nanos,
				this.longest);
	}

	/**
	 * Return the sum of this timing and another.
	 */
	public Timing plus(Timing other) {
		return new Timing(this.count + other.count, this.failures + other.failures, this.nanos + other.nanos,
				Math.max(this.longest, other.longest));
	}

	/**
	 * Return the mean duration.
	 * @return the time in nanoseconds, or 0 if there were no operations
	 */
	long mean() {
		return (this.count != 0) ? this.nanos / this.count : 0;
	}

}
