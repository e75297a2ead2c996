package io.github.httppool.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.compare.ClientBenchmark;
import io.github.httppool.benchmarks.compare.Results;
import io.github.httppool.benchmarks.compare.TlsCalls;
import io.github.httppool.benchmarks.compare.VirtualThreads;
import io.github.httppool.benchmarks.meters.CallBenchmark;
import io.github.httppool.benchmarks.meters.LoadBenchmark;
import io.github.httppool.benchmarks.meters.Meters;
import io.github.httppool.benchmarks.meters.MetersBenchmark;
import io.github.httppool.benchmarks.meters.PairedCalls;
import io.github.httppool.benchmarks.meters.WatchedSeconds;
import io.github.httppool.benchmarks.pool.CheckBenchmark;
import io.github.httppool.benchmarks.pool.CloseBenchmark;
import io.github.httppool.benchmarks.pool.IdleConnections;
import io.github.httppool.benchmarks.pool.LeaseBenchmark;
import io.github.httppool.benchmarks.pool.LeaseCheck;
import io.github.httppool.benchmarks.pool.MeasuredPool;
import io.github.httppool.benchmarks.pool.UnreadBodies;
import io.github.httppool.benchmarks.scale.ScaleComparison;
import io.github.httppool.benchmarks.startup.StartUp;

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

	/** What {@code clients} measures too. */
	private static final Map<String, Task> PARTS = Map.of("unread", UnreadBodies::measure, "check", LeaseCheck::measure,
			"idle", IdleConnections::measure, "start-up", StartUp::measure);

	static {
		TASKS.put("tls", TlsCalls::run);
		TASKS.put("virtual-threads", VirtualThreads::run);
		TASKS.put("scale", (effort) -> {
			// Has a test of its own.
			if (!effort.brief()) {
				ScaleComparison.main(new String[0]);
			}
		});
		TASKS.put("pairs", PairedCalls::run);
		TASKS.put("seconds", WatchedSeconds::run);
		add("clients-jmh", new Comparison(ClientBenchmark.class, "client", names(ClientKind.values())));
		Comparison pools = new Comparison(LeaseBenchmark.class, "pool", names(MeasuredPool.values()));
		add("lease", Stream.of("1", "100")
			.flatMap((routes) -> Stream.of(1, 8, 64).map((threads) -> pools.with(threads).with("routes", routes)))
			.toArray(Comparison[]::new));
		Comparison bodies = new Comparison(CloseBenchmark.class, "body", names(CloseBenchmark.Body.values()));
		Comparison endless = new Comparison(CloseBenchmark.class, "answer", List.of("FOREVER", "DRIP"));
		add("close", bodies.with("answer", "EMPTY"), bodies.with("answer", "KB2"), bodies.with("answer", "KB64"),
				endless.with("body", "UNREAD"));
		add("check-jmh", new Comparison(CheckBenchmark.class, "thorough", List.of("false", "true")));
		add("meters", new Comparison(MetersBenchmark.class, "meters",
				List.of(Meters.SIMPLE.name(), Meters.PROMETHEUS.name())));
		add("call", new Comparison(CallBenchmark.class, "meters", names(Meters.values())));
		add("load", new Comparison(LoadBenchmark.class, "reading", names(LoadBenchmark.Reading.values())));
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
		run(Path.of(""), arguments);
	}

	static void run(Path project, String... arguments) throws Exception {
		Map<String, Task> tasks = new LinkedHashMap<>();
		tasks.put("clients", (effort) -> Results.run(effort, project));
		tasks.putAll(TASKS);
		Effort effort = new Effort(0, false);
		List<String> names = new ArrayList<>();
		for (String argument : arguments) {
			if (argument.startsWith(ROUNDS)) {
				effort = new Effort(Integer.parseInt(argument.substring(ROUNDS.length())), effort.brief());
			}
			else if (argument.equals(BRIEF)) {
				effort = new Effort(effort.rounds(), true);
			}
			else {
				names.add(argument);
			}
		}
		for (String name : names.isEmpty() ? tasks.keySet() : names) {
			Task task = tasks.getOrDefault(name, PARTS.get(name));
			if (task == null) {
				throw new IllegalArgumentException(
						"There is no '" + name + "': there are " + tasks.keySet() + " and " + PARTS.keySet());
			}
			task.run(effort);
		}
	}

	private static void add(String name, Comparison... comparisons) {
		TASKS.put(name, (effort) -> {
			for (int i = 0; i < comparisons.length; i += effort.either(1, Math.max(1, comparisons.length - 1))) {
				comparisons[i].run(effort);
			}
		});
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
