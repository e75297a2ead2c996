package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.report.Chart;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Machine;
import io.github.httppool.benchmarks.report.MarkedText;

/**
 * Measures all clients, and what the pool has to reach; prints the results and writes
 * them into the project's documentation.
 */
public final class Results {

	private static final String CHART = "docs/benchmarks.svg";

	private static final String GOALS = "docs/benchmarks.md";

	private static final String README = "README.md";

	private Results() {
	}

	/**
	 * Measure, print and write.
	 * @param effort how thoroughly
	 * @param project where the README is
	 * @throws Exception if something cannot be run or written
	 */
	public static void run(Effort effort, Path project) throws Exception {
		if (!Files.isRegularFile(project.resolve(README))) {
			throw new IOException("There is no " + README + " here to write results into: run it where that is");
		}
		List<ClientKind> kinds = List.of(ClientKind.values());
		String machine = Machine.describe();
		Clients clients = Clients.measure(kinds, effort);
		String table = ClientTable.of(clients, kinds, machine, CHART);
		System.out.println("\n" + table);
		List<Goal> goals = Goals.measure(clients, effort);
		System.out.println("\nname | measured | wanted | reached");
		goals.forEach(System.out::println);
		Files.createDirectories(project.resolve("docs"));
		MarkedText.replace(project.resolve(README), table);
		Files.writeString(project.resolve(CHART), chart(clients, kinds, machine));
		Files.writeString(project.resolve(GOALS),
				"# What was to be reached\n\nWritten by the command `clients` of the module `benchmarks`. Ratios are to"
						+ " \"" + Clients.BASE.title() + "\", with quartiles in brackets.\n\n" + ClientTable.of(goals)
						+ "\nMeasured: " + machine + ".\n");
	}

	private static String chart(Clients clients, List<ClientKind> kinds, String machine) {
		List<Chart.Panel> panels = Stream.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY, Scenario.SLOW)
			.map((scenario) -> new Chart.Panel(scenario.title(),
					kinds.stream()
						.map((kind) -> new Chart.Bar(kind.title(),
								clients.ratio(kind, Clients.BASE, scenario, Slice::callsPerSecond).median(),
								kind == ClientKind.HTTP_POOL))
						.toList()))
			.toList();
		return Chart.draw("Calls per second, as a ratio to Spring + HttpClient 5 tuned by hand", panels, machine);
	}

}
