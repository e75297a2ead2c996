package io.github.httppool.benchmarks.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.github.httppool.benchmarks.report.Statistics;

/**
 * What was measured in one slice of time.
 *
 * @param callsPerSecond calls in a second
 * @param cpuMicros CPU time of the process for a call, in microseconds
 * @param bytes allocated for a call; not a number where threads are virtual
 * @param median of the latency of a call, in microseconds, where calls were paced
 * @param p99 of the same
 * @param failures how many calls failed
 */
public record Slice(double callsPerSecond, double cpuMicros, double bytes, double median, double p99, long failures) {

	/**
	 * Sum slices up.
	 * @param slices the slices
	 * @param what the number
	 * @return its statistics
	 */
	public static Statistics of(List<Slice> slices, ToDoubleFunction<Slice> what) {
		return Statistics.of(numbers(slices, what));
	}

	/**
	 * Compare slices with others of the same rounds.
	 * @param slices the slices
	 * @param base the others
	 * @param what the number
	 * @return the statistics of its ratios
	 */
	public static Statistics ratio(List<Slice> slices, List<Slice> base, ToDoubleFunction<Slice> what) {
		return Statistics.ofRatios(numbers(slices, what), numbers(base, what));
	}

	/**
	 * Count the calls that failed.
	 * @param slices where
	 * @return how many
	 */
	public static long failures(List<Slice> slices) {
		return slices.stream().mapToLong(Slice::failures).sum();
	}

	private static double[] numbers(List<Slice> slices, ToDoubleFunction<Slice> what) {
		return slices.stream().mapToDouble(what).toArray();
	}

}
