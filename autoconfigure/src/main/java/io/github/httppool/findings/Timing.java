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
	 * Return what was done since.
	 */
	Timing since(Timing before, long longest) {
		return new Timing(this.count - before.count, this.failures - before.failures, this.nanos - before.nanos,
				longest);
	}

	/**
	 * Return how long it took on average.
	 * @return the time in milliseconds, 0 if nothing was done
	 */
	double meanMillis() {
		return (this.count != 0) ? this.nanos / 1e6 / this.count : 0;
	}

}
