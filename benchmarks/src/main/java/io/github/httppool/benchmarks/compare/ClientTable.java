package io.github.httppool.benchmarks.compare;

import java.util.List;
import java.util.Locale;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.report.Statistics;

/**
 * The measurements of the clients as Markdown tables.
 */
final class ClientTable {

	private static final List<Scenario> THROUGHPUT = List.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY, Scenario.SLOW,
			Scenario.OBSERVED_ONE, Scenario.OBSERVED_EIGHT, Scenario.OBSERVED_MANY);

	private static final List<Scenario> ALLOCATION = List.of(Scenario.EIGHT, Scenario.TEXT, Scenario.CHUNKED);

	private final Clients clients;

	private final StringBuilder text = new StringBuilder();

	private ClientTable(Clients clients) {
		this.clients = clients;
	}

	/**
	 * Format measurements.
	 * @param clients the measurements
	 * @param machine where they were made
	 * @return the tables and the text below
	 */
	static String of(Clients clients, String machine) {
		return new ClientTable(clients).format(machine);
	}

	private String format(String machine) {
		header("calls per second", THROUGHPUT.stream().map(Scenario::title).toList());
		for (ClientKind kind : Clients.KINDS) {
			row(kind, THROUGHPUT.stream().map((scenario) -> throughput(kind, scenario)).toList());
		}
		this.text.append('\n');
		header("cost of a call, 8 threads",
				List.of("CPU", "CPU, observed", "latency, median / 99 %", "bytes allocated", "as `String`", "chunked"));
		for (ClientKind kind : Clients.KINDS) {
			row(kind, List.of(cpu(kind, Scenario.EIGHT), cpu(kind, Scenario.OBSERVED_EIGHT), latency(kind),
					bytes(kind, ALLOCATION.get(0)), bytes(kind, ALLOCATION.get(1)), bytes(kind, ALLOCATION.get(2))));
		}
		return this.text.append(String.format(Locale.ROOT, """

				Each call reads a body of 1 KB. Throughput is the ratio to the first line: the median over all rounds, \
				quartiles in brackets. Clients take turns in one JVM; the server runs in another on the same \
				processors. Observed calls have an `ObservationRegistry` with Micrometer's meters, as in an \
				application with Actuator; the pool then has its own meters, too. Latency is measured at %,.0f calls \
				per second, 70 %% of the throughput of the first line (– if a client does not reach it).%s \
				Measured in %s: %s.
				""", this.clients.pace(), failures(),
				(this.clients.runs() == 1) ? "one run" : this.clients.runs() + " runs", machine))
			.toString();
	}

	private void header(String title, List<String> columns) {
		this.text.append("| ").append(title).append(" | ").append(String.join(" | ", columns)).append(" |\n|");
		this.text.append(" --- |".repeat(columns.size() + 1)).append('\n');
	}

	private void row(ClientKind kind, List<String> cells) {
		this.text.append("| ")
			.append((kind == ClientKind.HTTP_POOL) ? "**" + kind.title() + "**" : kind.title())
			.append(" | ")
			.append(String.join(" | ", cells))
			.append(" |\n");
	}

	private String throughput(ClientKind kind, Scenario scenario) {
		if (!scenario.suits(kind)) {
			return "–";
		}
		if (kind == Clients.BASE) {
			return number("1.00 (%,.0f/s)", this.clients.statistics(kind, scenario, Slice::callsPerSecond));
		}
		return this.clients.ratio(kind, Clients.BASE, scenario, Slice::callsPerSecond).toString(2);
	}

	private String cpu(ClientKind kind, Scenario scenario) {
		return !scenario.suits(kind) ? "–"
				: number("%.1f µs", this.clients.statistics(kind, scenario, Slice::cpuMicros));
	}

	private String latency(ClientKind kind) {
		if (!this.clients.keepsPace(kind)) {
			return "–";
		}
		List<Slice> paced = this.clients.paced(kind);
		return number("%.2f", Slice.of(paced, (slice) -> slice.median() / 1000))
				+ number(" / %.2f ms", Slice.of(paced, (slice) -> slice.p99() / 1000));
	}

	private String bytes(ClientKind kind, Scenario scenario) {
		return !scenario.suits(kind) ? "–" : number("%,.0f", this.clients.statistics(kind, scenario, Slice::bytes));
	}

	private String failures() {
		StringBuilder failures = new StringBuilder();
		for (ClientKind kind : Clients.KINDS) {
			long failed = this.clients.failures(kind);
			if (failed > 0) {
				failures.append(String.format(Locale.ROOT, " %,d calls of %s failed.", failed, kind.title()));
			}
		}
		return failures.toString();
	}

	private static String number(String format, Statistics statistics) {
		return String.format(Locale.ROOT, format, statistics.median());
	}

}
