package io.github.httppool.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.compare.Results;
import io.github.httppool.benchmarks.meters.CallBenchmark;
import io.github.httppool.benchmarks.meters.LoadBenchmark;
import io.github.httppool.benchmarks.meters.Meters;
import io.github.httppool.benchmarks.meters.MetersBenchmark;
import io.github.httppool.benchmarks.meters.PairedCalls;
import io.github.httppool.benchmarks.meters.WatchedSeconds;
import io.github.httppool.benchmarks.scale.ScaleComparison;

/**
 * Runs what is named, or everything, as many rounds as each task thinks right or as
 * {@code --rounds} says, with {@code --brief} only to see that it runs. With {@code jmh}
 * as the first argument the others are JMH's own, with {@code scale} those of
 * {@link ScaleComparison}.
 */
public final class Benchmarks {

	private static final String ROUNDS = "--rounds=";

	private static final String BRIEF = "--brief";

	private static final Map<String, Task> TASKS = new LinkedHashMap<>();

	static {
		TASKS.put("clients", (effort) -> Results.run(effort, Path.of("")));
		TASKS.put("pairs", PairedCalls::run);
		TASKS.put("seconds", WatchedSeconds::run);
		add(new Comparison("meters", MetersBenchmark.class, "meters",
				List.of(Meters.SIMPLE.name(), Meters.PROMETHEUS.name())));
		add(new Comparison("call", CallBenchmark.class, "meters", names(Meters.values())));
		add(new Comparison("load", LoadBenchmark.class, "reading", names(LoadBenchmark.Reading.values())));
	}

	private Benchmarks() {
	}

	/**
	 * Run what the arguments say.
	 * @param arguments names of tasks, {@code --rounds=<number>} and {@code --brief}; or
	 * {@code jmh} or {@code scale} and arguments of these
	 * @throws Exception if something cannot be run
	 */
	public static void main(String[] arguments) throws Exception {
		if (arguments.length > 0 && arguments[0].equals("jmh")) {
			org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
			return;
		}
		if (arguments.length > 0 && arguments[0].equals("scale")) {
			ScaleComparison.main(Arrays.copyOfRange(arguments, 1, arguments.length));
			return;
		}
		int rounds = 0;
		boolean brief = false;
		List<String> names = new ArrayList<>();
		for (String argument : arguments) {
			if (argument.startsWith(ROUNDS)) {
				rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
			}
			else if (argument.equals(BRIEF)) {
				brief = true;
			}
			else {
				names.add(argument);
			}
		}
		for (String name : names.isEmpty() ? TASKS.keySet() : names) {
			Task task = TASKS.get(name);
			if (task == null) {
				throw new IllegalArgumentException("There is no '" + name + "': there are " + TASKS.keySet());
			}
			task.run(new Effort(rounds, brief));
		}
	}

	private static void add(Comparison comparison) {
		TASKS.put(comparison.name(), comparison::run);
	}

	private static List<String> names(Enum<?>[] values) {
		return Arrays.stream(values).map(Enum::name).toList();
	}

	/**
	 * Measures something several times over, and prints what it found.
	 */
	private interface Task {

		void run(Effort effort) throws Exception;

	}

}
