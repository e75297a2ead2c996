package io.github.httppool.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.httppool.benchmarks.compare.BuildComparison;
import io.github.httppool.benchmarks.compare.ClientComparison;
import io.github.httppool.benchmarks.compare.LeaseComparison;
import io.github.httppool.benchmarks.compare.TlsCalls;
import io.github.httppool.benchmarks.compare.VirtualThreads;
import io.github.httppool.benchmarks.compare.WaitingCallers;
import io.github.httppool.benchmarks.meters.PairedCalls;
import io.github.httppool.benchmarks.meters.WatchedSeconds;
import io.github.httppool.benchmarks.pool.IdleConnections;
import io.github.httppool.benchmarks.pool.UnreadBodies;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.ResultFolder;
import io.github.httppool.benchmarks.scale.ScaleComparison;
import io.github.httppool.benchmarks.startup.StartUp;

/**
 * The main class: runs one command, or all of them. Results are printed and written into
 * {@code benchmarks/target/results}.
 */
public final class Benchmarks {

	private static final String ALL = "all";

	/** Commands whose goals belong to the documentation, besides {@code clients}. */
	private static final List<String> DOCUMENTED = List.of("waiting", "lease", "unread", "idle", "start-up");

	private static final String USAGE = """
			Usage: java -jar benchmarks/target/http-pool-benchmarks.jar <command> [--<option>=<value> ...]

			Commands:
			%s  %-16s all commands except those with required options
			  %-16s JMH with its own options: meters without network (MetersBenchmark)

			Options of all commands:
			  --rounds=<number>   turns of each variant per run
			  --slice=<millis>    duration of one turn
			  --runs=<number>     runs in new JVMs (clients, compare-builds)
			  --brief             check only that it runs

			benchmarks/README.md explains commands and options.
			""";

	private final Map<String, Command> commands = new LinkedHashMap<>();

	private final ResultFolder results;

	Benchmarks(Path project) {
		this.results = ResultFolder.of(project);
		add("clients", "calls of all clients: throughput, CPU, latency, allocation",
				Set.of(ClientComparison.WRITE_DOCS),
				(arguments) -> ClientComparison.run(arguments, project, this::documentedGoals));
		add("waiting", "more callers than connections", Set.of("connections", "threads", "answer"),
				WaitingCallers::run);
		add("lease", "lease and release without an exchange", Set.of("routes", "threads"), LeaseComparison::run);
		add("compare-builds", "two builds of the library: base=<build> new=<build>",
				Set.of("base", "new", "threads", "connections", "operation", "answer", "routes", "observed"),
				BuildComparison::run);
		add("unread", "closing bodies that were not read", Set.of(),
				(arguments) -> UnreadBodies.run(arguments.effort()));
		add("idle", "10,000 idle connections over 100 routes", Set.of(),
				(arguments) -> IdleConnections.run(arguments.effort()));
		add("start-up", "start of an application with the starter and without it", Set.of(),
				(arguments) -> StartUp.run(arguments.effort()));
		add("tls", "clients over TLS", Set.of(), TlsCalls::run);
		add("virtual-threads", "callers that are virtual threads (Java 21 or later)", Set.of(), VirtualThreads::run);
		add("meters", "single calls without meters and with them", Set.of(),
				(arguments) -> PairedCalls.run(arguments.effort()));
		add("watched", "throughput while the endpoint is read and meters are scraped", Set.of(),
				(arguments) -> WatchedSeconds.run(arguments.effort()));
		add("scale", "4,000 calls per second from 400 callers, bodies not read", ScaleComparison.OPTIONS,
				ScaleComparison::run);
	}

	/**
	 * Run a command.
	 * @param arguments the command and its options
	 * @throws Exception if something cannot be measured
	 */
	public static void main(String[] arguments) throws Exception {
		if (arguments.length > 0 && arguments[0].equals("jmh")) {
			org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
			return;
		}
		Benchmarks benchmarks = new Benchmarks(Path.of(""));
		if (arguments.length == 0 || Set.of("help", "--help", "-h").contains(arguments[0])) {
			System.out.println(benchmarks.usage());
			return;
		}
		try {
			benchmarks.run(arguments);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.exit(2);
		}
	}

	void run(String... arguments) throws Exception {
		String name = arguments[0];
		List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
		if (name.equals(ALL)) {
			for (String each : new TreeSet<>(this.commands.keySet())) {
				if (!each.equals("compare-builds")) {
					runOne(each, options);
				}
			}
		}
		else {
			runOne(name, options);
		}
	}

	private void runOne(String name, List<String> options) throws Exception {
		Command command = this.commands.get(name);
		if (command == null) {
			throw new IllegalArgumentException(
					"Unknown command '" + name + "'. Known commands: " + this.commands.keySet() + ", all, jmh");
		}
		this.results.write(name, command.action().run(Arguments.parse(options, command.options())));
	}

	private List<Goal> documentedGoals(Effort effort) throws Exception {
		List<String> options = effort.brief() ? List.of("--brief") : List.of();
		List<Goal> goals = new ArrayList<>();
		for (String name : DOCUMENTED) {
			Command command = this.commands.get(name);
			goals.addAll(command.action().run(Arguments.parse(options, command.options())).goals());
		}
		return goals;
	}

	String usage() {
		StringBuilder lines = new StringBuilder();
		this.commands.forEach((name, command) -> lines
			.append(String.format("  %-16s %s%n", name, command.description() + options(command))));
		return String.format(USAGE, lines, ALL, "jmh");
	}

	private static String options(Command command) {
		return command.options().isEmpty() ? "" : " --" + String.join(", --", new TreeSet<>(command.options()));
	}

	private void add(String name, String description, Set<String> options, Command.Action action) {
		this.commands.put(name, new Command(description, options, action));
	}

}
