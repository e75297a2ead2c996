package io.github.httppool.findings;

/**
 * How often something was done, and how long it took.
 *
 * @param count how often, including failures
 * @param failures how often it failed
 * @param nanos the time it took, all together, in nanoseconds
 * @param longest the longest since the sample before, in nanoseconds
 */
public record Timing(long count, long failures, long nanos, long longest) {

	/** Nothing was done. */
	public static final Timing NONE = new Timing(0, 0, 0, 0);

	/**
	 * Return what was done since an earlier moment; the longest remains that since the
	 * last sample.
	 */
	public Timing since(Timing before) {
		return new Timing(this.count - before.count, this.failures - before.failures, this.nanos - before.nanos,
				this.longest);
	}

	/**
	 * Return this together with something else.
	 */
	public Timing plus(Timing other) {
		return new Timing(this.count + other.count, this.failures + other.failures, this.nanos + other.nanos,
				Math.max(this.longest, other.longest));
	}

	/**
	 * Return how long it took on average.
	 * @return the time in nanoseconds, 0 if nothing was done
	 */
	long mean() {
		return (this.count != 0) ? this.nanos / this.count : 0;
	}

}
