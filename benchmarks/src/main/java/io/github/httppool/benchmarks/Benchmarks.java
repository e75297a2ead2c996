package io.github.httppool.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Runs comparisons: all of them, or those that are named, three rounds each or as many as
 * {@code --rounds} says. With {@code jmh} as the first argument the others are JMH's own.
 */
public final class Benchmarks {

	private static final String ROUNDS = "--rounds=";

	private static final List<Comparison> COMPARISONS = List.of(
			new Comparison("meters", MetersBenchmark.class, "meters",
					List.of(Meters.SIMPLE.name(), Meters.PROMETHEUS.name())),
			new Comparison("call", CallBenchmark.class, "meters", names(Meters.values())),
			new Comparison("load", LoadBenchmark.class, "reading", names(LoadBenchmark.Reading.values())));

	private Benchmarks() {
	}

	/**
	 * Run what the arguments say.
	 * @param arguments names of comparisons and {@code --rounds=<number>}; or {@code jmh}
	 * and arguments of JMH
	 * @throws Exception if something cannot be run
	 */
	public static void main(String[] arguments) throws Exception {
		if (arguments.length > 0 && arguments[0].equals("jmh")) {
			org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
			return;
		}
		int rounds = 3;
		List<Comparison> chosen = COMPARISONS;
		List<String> names = Arrays.stream(arguments).filter((argument) -> !argument.startsWith(ROUNDS)).toList();
		for (String argument : arguments) {
			if (argument.startsWith(ROUNDS)) {
				rounds = Integer.parseInt(argument.substring(ROUNDS.length()));
			}
		}
		if (!names.isEmpty()) {
			chosen = names.stream().map(Benchmarks::named).toList();
		}
		for (Comparison comparison : chosen) {
			comparison.run(rounds);
		}
	}

	private static Comparison named(String name) {
		return COMPARISONS.stream()
			.filter((comparison) -> comparison.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no comparison '" + name + "': there are "
					+ COMPARISONS.stream().map(Comparison::name).toList()));
	}

	private static List<String> names(Enum<?>[] values) {
		return Arrays.stream(values).map(Enum::name).toList();
	}

}
