package io.github.httppool.benchmarks.measure;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;

import io.github.httppool.benchmarks.report.Statistics;

/**
 * The measurements of one slice of time.
 *
 * @param callsPerSecond successful calls per second
 * @param cpuMicros CPU time of the process per call, in microseconds
 * @param bytes bytes allocated per call; NaN for virtual threads
 * @param median median latency of a paced call, in microseconds; otherwise NaN
 * @param p99 99th percentile of the latency of a paced call, in microseconds; otherwise
 * NaN
 * @param failures number of failed calls
 */
public record Slice(double callsPerSecond, double cpuMicros, double bytes, double median, double p99,
		long failures) implements Serializable {

	private static final long serialVersionUID = 1;

	/**
	 * Summarize a measurement of several slices.
	 * @param slices the slices
	 * @param measurement the measurement
	 * @return its statistics
	 */
	public static Statistics of(List<Slice> slices, ToDoubleFunction<Slice> measurement) {
		return Statistics.of(numbers(slices, measurement));
	}

	/**
	 * Compare slices with those of a base, round by round.
	 * @param slices the slices
	 * @param base the slices of the base, of the same rounds
	 * @param measurement the measurement
	 * @return the statistics of the ratios
	 */
	public static Statistics ratio(List<Slice> slices, List<Slice> base, ToDoubleFunction<Slice> measurement) {
		return Statistics.ofRatios(numbers(slices, measurement), numbers(base, measurement));
	}

	/**
	 * Count the failed calls.
	 * @param slices the slices
	 * @return the number of failed calls
	 */
	public static long failures(List<Slice> slices) {
		return slices.stream().mapToLong(Slice::failures).sum();
	}

	private static double[] numbers(List<Slice> slices, ToDoubleFunction<Slice> measurement) {
		return slices.stream().mapToDouble(measurement).toArray();
	}

}
