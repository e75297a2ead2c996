package io.github.httppool.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.scale.ScaleComparison;

/**
 * Runs what is named, or everything, three rounds each or as many as {@code --rounds}
 * says. With {@code jmh} as the first argument the others are JMH's own, with
 * {@code scale} those of {@link ScaleComparison}.
 */
public final class Benchmarks {

	private static final String ROUNDS = "--rounds=";

	private static final Map<String, Task> TASKS = new LinkedHashMap<>();

	static {
		TASKS.put("pairs", (rounds) -> {
			try (PairedCalls pairs = new PairedCalls()) {
				pairs.run(rounds);
			}
		});
		TASKS.put("seconds", (rounds) -> {
			try (WatchedSeconds seconds = new WatchedSeconds()) {
				seconds.run(rounds);
			}
		});
		add(new Comparison("meters", MetersBenchmark.class, "meters",
				List.of(Meters.SIMPLE.name(), Meters.PROMETHEUS.name())));
		add(new Comparison("call", CallBenchmark.class, "meters", names(Meters.values())));
		add(new Comparison("load", LoadBenchmark.class, "reading", names(LoadBenchmark.Reading.values())));
	}

	private Benchmarks() {
	}

	/**
	 * Run what the arguments say.
	 * @param arguments names of comparisons and {@code --rounds=<number>}; or {@code jmh}
	 * or {@code scale} and arguments of these
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
		int rounds = 3;
		List<String> names = new ArrayList<>();
		for (String argument : arguments) {
			if (argument.startsWith(ROUNDS)) {
				rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
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
			task.run(rounds);
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

		void run(int rounds) throws Exception;

	}

}
