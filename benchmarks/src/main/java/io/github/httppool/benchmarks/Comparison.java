package io.github.httppool.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a benchmark with each value of a parameter, in turn, several times over, and
 * compares each with the first value of the same round.
 *
 * @param name under which it is asked for
 * @param benchmark the class with the benchmark, which has one method
 * @param parameter the parameter
 * @param values its values; the first one is what the others are compared with
 */
record Comparison(String name, Class<?> benchmark, String parameter, List<String> values) {

	private static final String BYTES = "gc.alloc.rate.norm";

	void run(Effort effort) throws RunnerException {
		int rounds = effort.rounds(3);
		Map<String, List<Measurement>> measurements = new LinkedHashMap<>();
		this.values.forEach((value) -> measurements.put(value, new ArrayList<>()));
		for (int round = 1; round <= rounds; round++) {
			for (String value : this.values) {
				Measurement measurement = measure(value, effort);
				measurements.get(value).add(measurement);
				System.out.printf("%s, round %d of %d: %-12s %12.3f %s %10.0f B/op%n", this.name, round, rounds, value,
						measurement.score, measurement.unit, measurement.bytes);
			}
		}
		print(measurements);
	}

	private Measurement measure(String value, Effort effort) throws RunnerException {
		ChainedOptionsBuilder builder = new OptionsBuilder().include("\\." + this.benchmark.getSimpleName() + "\\.")
			.param(this.parameter, value)
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT);
		if (effort.brief()) {
			builder.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50));
		}
		Collection<RunResult> results = new Runner(builder.build()).run();
		RunResult result = results.iterator().next();
		Result<?> bytes = result.getSecondaryResults().get(BYTES);
		return new Measurement(result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreUnit(),
				(bytes != null) ? bytes.getScore() : Double.NaN);
	}

	private void print(Map<String, List<Measurement>> measurements) {
		List<Measurement> base = measurements.get(this.values.get(0));
		System.out.printf("%n%-12s %12s %10s %24s %10s %10s%n", this.name, "median", "", "ratio (least to most)",
				"B/op", "more");
		measurements.forEach((value, measured) -> {
			List<Double> ratios = new ArrayList<>();
			for (int i = 0; i < measured.size(); i++) {
				ratios.add(measured.get(i).score / base.get(i).score);
			}
			double bytes = median(measured.stream().map(Measurement::bytes).toList());
			double baseBytes = median(base.stream().map(Measurement::bytes).toList());
			System.out.printf("%-12s %12.3f %10s %8.4f (%.4f to %.4f) %10.0f %+10.0f%n", value,
					median(measured.stream().map(Measurement::score).toList()), measured.get(0).unit, median(ratios),
					ratios.stream().min(Double::compare).orElseThrow(),
					ratios.stream().max(Double::compare).orElseThrow(), bytes, bytes - baseBytes);
		});
		System.out.println();
	}

	private static double median(List<Double> numbers) {
		double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 != 0) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	private record Measurement(double score, String unit, double bytes) {
	}

}
