package io.github.httppool.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.report.Chart;
import io.github.httppool.benchmarks.report.Documentation;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Machine;
import io.github.httppool.benchmarks.report.Result;

/**
 * The command {@code clients}: compares all clients, and on request writes the results of
 * at least three runs into the documentation.
 */
public final class ClientComparison {

	/** The option that writes the documentation. */
	public static final String WRITE_DOCS = "write-docs";

	private static final int DOCUMENTED_RUNS = 3;

	private ClientComparison() {
	}

	/**
	 * Compare the clients.
	 * @param arguments the options
	 * @param project the folder of the project
	 * @param furtherGoals measures the goals that are documented besides those of clients
	 * @return the result
	 * @throws Exception if something cannot be measured or written
	 */
	public static Result run(Arguments arguments, Path project, FurtherGoals furtherGoals) throws Exception {
		boolean writeDocs = arguments.flag(WRITE_DOCS);
		Effort effort = arguments.effort();
		int runs = (writeDocs && effort.runs() == 0) ? DOCUMENTED_RUNS : effort.runs(1);
		if (writeDocs && runs < DOCUMENTED_RUNS) {
			throw new IllegalArgumentException(
					"Documentation needs at least " + DOCUMENTED_RUNS + " runs: use --runs=" + DOCUMENTED_RUNS);
		}
		Documentation documentation = new Documentation(project);
		if (writeDocs) {
			documentation.requireTables();
		}
		Clients clients = Clients.measure(effort, runs);
		String machine = Machine.describe();
		Result result = new Result(ClientTable.of(clients, machine), ClientGoals.of(clients));
		if (writeDocs) {
			List<Goal> goals = new ArrayList<>(result.goals());
			goals.addAll(furtherGoals.measure(effort));
			documentation.write(result.text(), chart(clients, machine), goals, Clients.BASE.title(), machine);
		}
		return result;
	}

	private static String chart(Clients clients, String machine) {
		List<Chart.Panel> panels = Stream.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY, Scenario.SLOW)
			.map((scenario) -> new Chart.Panel(scenario.title(),
					Clients.KINDS.stream()
						.map((kind) -> new Chart.Bar(kind.title(),
								clients.ratio(kind, Clients.BASE, scenario, Slice::callsPerSecond).median(),
								kind == ClientKind.HTTP_POOL))
						.toList()))
			.toList();
		return Chart.draw("Calls per second, as a ratio to Spring + HttpClient 5 tuned by hand", panels, machine);
	}

	/**
	 * Measures further goals.
	 */
	@FunctionalInterface
	public interface FurtherGoals {

		/**
		 * Measure.
		 * @param effort how much to measure
		 * @return the goals
		 * @throws Exception if something cannot be measured
		 */
		List<Goal> measure(Effort effort) throws Exception;

	}

}
