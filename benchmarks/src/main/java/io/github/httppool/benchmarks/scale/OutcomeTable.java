package io.github.httppool.benchmarks.scale;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What became of some clients, side by side, in Markdown.
 *
 * @param load what was asked of them
 * @param outcomes what became of each, by its title
 */
record OutcomeTable(Load load, Map<String, Outcome> outcomes) {

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(format(
				"%n%,d calls a second for %d s from %d callers over %d "
						+ "connections, answer %s, bodies not read. %s %s, %d processors, Java %s, %s:%n%n",
				this.load.callsPerSecond(), this.load.seconds(), this.load.callers(), this.load.connections(),
				this.load.answer(), System.getProperty("os.name"), System.getProperty("os.version"),
				Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"), LocalDate.now()));
		line(text, "", this.outcomes.keySet());
		line(text, "---", this.outcomes.keySet().stream().map((title) -> "---:").toList());
		row(text, format("calls answered (of %,d due)", this.load.callsPerSecond() * this.load.seconds()),
				(outcome) -> format("%,d", outcome.calls()));
		row(text, "errors", (outcome) -> format("%,d", outcome.errors()));
		row(text, format("connections opened in %d s before", this.load.warmUpSeconds()),
				(outcome) -> format("%,d", outcome.openedWarmingUp()));
		row(text, format("connections opened in these %d s", this.load.seconds()),
				(outcome) -> format("%,d", outcome.opened()));
		row(text, "sockets in `TIME_WAIT` before → after", (outcome) -> (outcome.timeWaitBefore() < 0) ? "?"
				: format("%,d → %,d", outcome.timeWaitBefore(), outcome.timeWaitAfter()));
		row(text, "latency, median", (outcome) -> millis(outcome.p50()));
		row(text, "latency, 99 %", (outcome) -> millis(outcome.p99()));
		row(text, "latency, longest", (outcome) -> millis(outcome.max()));
		row(text, "CPU time of the client for a call", (outcome) -> format("%.0f µs", outcome.cpu()));
		this.outcomes.forEach((title, outcome) -> {
			if (outcome.firstError() != null) {
				text.append(format("%n%s, first error: %s", title, outcome.firstError()));
			}
		});
		return text.toString();
	}

	private void row(StringBuilder text, String what, Function<Outcome, String> value) {
		line(text, what, this.outcomes.values().stream().map(value).toList());
	}

	private static void line(StringBuilder text, String first, Iterable<String> others) {
		text.append(format("| %-40s |", first));
		others.forEach((other) -> text.append(format(" %25s |", other)));
		text.append(System.lineSeparator());
	}

	private static String millis(long micros) {
		return format((micros < 100_000) ? "%.1f ms" : "%,.0f ms", micros / 1000.0);
	}

	private static String format(String format, Object... values) {
		return String.format(Locale.ENGLISH, format, values);
	}

}
