package io.github.httppool.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import io.github.httppool.benchmarks.report.Statistics;
import org.openjdk.jmh.annotations.Mode;
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
 * @param benchmark the class with the benchmark, which has one method
 * @param threads how many threads run it; 0 for as many as the benchmark says
 * @param fixed parameters that are the same for all, by name
 * @param parameter the parameter
 * @param values its values; the first one is what the others are compared with
 */
record Comparison(Class<?> benchmark, int threads, Map<String, String> fixed, String parameter, List<String> values) {

	private static final String BYTES = "gc.alloc.rate.norm";

	Comparison(Class<?> benchmark, String parameter, List<String> values) {
		this(benchmark, 0, Map.of(), parameter, values);
	}

	Comparison with(int threads) {
		return new Comparison(this.benchmark, threads, this.fixed, this.parameter, this.values);
	}

	Comparison with(String name, String value) {
		Map<String, String> all = new TreeMap<>(this.fixed);
		all.put(name, value);
		return new Comparison(this.benchmark, this.threads, all, this.parameter, this.values);
	}

	void run(Effort effort) throws RunnerException {
		int rounds = effort.rounds(3);
		List<String> measured = effort.brief() ? this.values.subList(0, 2) : this.values;
		Map<String, List<Measurement>> measurements = new LinkedHashMap<>();
		measured.forEach((value) -> measurements.put(value, new ArrayList<>()));
		for (int round = 1; round <= rounds; round++) {
			for (String value : measured) {
				Measurement measurement = measure(value, effort);
				measurements.get(value).add(measurement);
				System.out.printf("%s, round %d of %d: %-12s %12.3f %s %10.0f B/op%s%n", title(), round, rounds, value,
						measurement.score, measurement.unit, measurement.bytes, measurement.percentiles);
			}
		}
		print(measurements);
	}

	private String title() {
		StringBuilder title = new StringBuilder(this.benchmark.getSimpleName());
		this.fixed.forEach((name, value) -> title.append(", ").append(name).append(' ').append(value));
		return title.append((this.threads > 0) ? ", threads " + this.threads : "").toString();
	}

	private Measurement measure(String value, Effort effort) throws RunnerException {
		ChainedOptionsBuilder builder = new OptionsBuilder().include("\\." + this.benchmark.getSimpleName() + "\\.")
			.param(this.parameter, value)
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT);
		this.fixed.forEach(builder::param);
		if (this.threads > 0) {
			builder.threads(this.threads);
		}
		if (effort.brief()) {
			builder.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(50));
		}
		Collection<RunResult> results = new Runner(builder.build()).run();
		if (results.isEmpty()) {
			throw new RunnerException(title() + " failed with " + value);
		}
		RunResult result = results.iterator().next();
		Result<?> bytes = result.getSecondaryResults().get(BYTES);
		return new Measurement(result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreUnit(),
				(bytes != null) ? bytes.getScore() : Double.NaN, percentiles(result));
	}

	private static String percentiles(RunResult result) {
		if (result.getParams().getMode() != Mode.SampleTime) {
			return "";
		}
		var statistics = result.getPrimaryResult().getStatistics();
		return String.format(Locale.ROOT, ", p50 %.1f, p99 %.1f, p99.9 %.1f", statistics.getPercentile(50),
				statistics.getPercentile(99), statistics.getPercentile(99.9));
	}

	private void print(Map<String, List<Measurement>> measurements) {
		List<Measurement> base = measurements.get(this.values.get(0));
		System.out.printf("%n%s%n%-12s %12s %10s %27s %10s %10s%n", title(), "", "median", "", "ratio (quartiles)",
				"B/op", "more");
		double baseBytes = median(base, Measurement::bytes);
		measurements.forEach((value, measured) -> {
			Statistics ratios = Statistics.ofRatios(numbers(measured, Measurement::score),
					numbers(base, Measurement::score));
			double bytes = median(measured, Measurement::bytes);
			System.out.printf("%-12s %12.3f %10s %27s %10.0f %+10.0f%n", value, median(measured, Measurement::score),
					measured.get(0).unit, ratios.toString(4), bytes, bytes - baseBytes);
		});
		System.out.println();
	}

	private static double median(List<Measurement> measured, ToDoubleFunction<Measurement> what) {
		return Statistics.of(numbers(measured, what)).median();
	}

	private static double[] numbers(List<Measurement> measured, ToDoubleFunction<Measurement> what) {
		return measured.stream().mapToDouble(what).toArray();
	}

	private record Measurement(double score, String unit, double bytes, String percentiles) {
	}

}
