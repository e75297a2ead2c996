package io.github.httppool.benchmarks.compare;

import java.util.List;
import java.util.Locale;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.report.Goal;

/**
 * What was measured, as Markdown.
 */
final class ClientTable {

	private ClientTable() {
	}

	static String of(Clients clients, List<ClientKind> kinds, String machine, String chart) {
		StringBuilder text = new StringBuilder();
		text.append(
				"| client | 1 thread | 8 threads | 64 threads | 64 threads, 10 ms upstream | CPU of a call | p50 / p99 |"
						+ " bytes allocated | as String | chunked |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
		for (ClientKind kind : kinds) {
			text.append("| ").append((kind == ClientKind.HTTP_POOL) ? "**" + kind.title() + "**" : kind.title());
			for (Scenario load : List.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY, Scenario.SLOW)) {
				text.append(" | ").append(throughput(clients, kind, load));
			}
			text.append(number(" | %.1f µs", clients.statistics(kind, Scenario.EIGHT, Slice::cpuMicros).median()));
			text.append(" | ").append(latency(clients, kind));
			for (Scenario body : List.of(Scenario.EIGHT, Scenario.TEXT, Scenario.CHUNKED)) {
				text.append(" | ").append(body.suits(kind) ? bytes(clients, kind, body) : "–");
			}
			text.append(" |\n");
		}
		text.append("\n![Calls per second](").append(chart).append(")\n\n");
		text.append(String
			.format(Locale.ROOT, "Calls that read a body of 1 KB, as a ratio to the first line (medians of"
					+ " slices that take turns in one process, the server in another on the same processors); CPU, latency"
					+ " and allocation of a call with 8 threads, latency at %,.0f calls a second, which is 70 %% of the most"
					+ " of the first line (– where a client does not make as many).%s Measured: %s.\n", clients.pace(),
					failures(clients, kinds), machine));
		return text.toString();
	}

	static String of(List<Goal> goals) {
		StringBuilder text = new StringBuilder("| | measured | wanted | reached |\n| --- | --- | --- | --- |\n");
		goals.forEach((goal) -> text.append("| ").append(goal).append(" |\n"));
		return text.toString();
	}

	private static String throughput(Clients clients, ClientKind kind, Scenario load) {
		double ratio = clients.ratio(kind, Clients.BASE, load, Slice::callsPerSecond).median();
		return (kind != Clients.BASE) ? number("%.2f", ratio)
				: number("1.00 (%,.0f/s)", clients.statistics(kind, load, Slice::callsPerSecond).median());
	}

	private static String latency(Clients clients, ClientKind kind) {
		if (!clients.keepsPace(kind)) {
			return "–";
		}
		return number("%.2f", Slice.of(clients.paced(kind), Slice::median).median() / 1000)
				+ number(" / %.2f ms", Slice.of(clients.paced(kind), Slice::p99).median() / 1000);
	}

	private static String bytes(Clients clients, ClientKind kind, Scenario body) {
		return number("%,.0f", clients.statistics(kind, body, Slice::bytes).median());
	}

	private static String failures(Clients clients, List<ClientKind> kinds) {
		StringBuilder text = new StringBuilder();
		for (ClientKind kind : kinds) {
			if (clients.failures(kind) > 0) {
				text.append(
						String.format(Locale.ROOT, " Of %s, %,d calls failed.", kind.title(), clients.failures(kind)));
			}
		}
		return text.toString();
	}

	private static String number(String format, double number) {
		return String.format(Locale.ROOT, format, number);
	}

}
