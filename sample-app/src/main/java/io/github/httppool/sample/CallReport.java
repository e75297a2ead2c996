package io.github.httppool.sample;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What the calls of a run have cost.
 *
 * @param calls calls made
 * @param failures calls without a response; a 404 is a response
 * @param firstFailure message of the first failure, {@code null} if there is none
 * @param answers responses by status
 * @param connectionsOpened connections that the pool opened
 * @param connectionsAccepted connections that the upstream saw accepted
 * @param reuseRatio share of leases that got a connection which was open already
 * @param elapsedMs time for all calls together, in milliseconds
 * @param callsPerSecond calls in a second
 * @param latencyMs time for one call
 */
record CallReport(int calls, long failures, @Nullable String firstFailure, Map<Integer, Long> answers,
		long connectionsOpened, long connectionsAccepted, double reuseRatio, double elapsedMs, double callsPerSecond,
		Latency latencyMs) {

	/**
	 * Time that callers waited for one call, in milliseconds.
	 *
	 * @param p50 half of the calls took no longer
	 * @param p99 99 of 100 calls took no longer
	 */
	record Latency(double p50, double p99) {

		private static Latency of(List<Call> calls) {
			long[] sorted = calls.stream().mapToLong(Call::nanos).sorted().toArray();
			return new Latency(percentile(sorted, 50), percentile(sorted, 99));
		}

		private static double percentile(long[] sorted, int percent) {
			int rank = (int) Math.ceil(sorted.length * percent / 100.0);
			return milliseconds(sorted[rank - 1]);
		}

	}

	static CallReport of(List<Call> calls, long nanos, ConnectionCount connections) {
		List<String> failures = calls.stream().map(Call::failure).filter(Objects::nonNull).toList();
		Map<Integer, Long> answers = calls.stream()
			.filter((call) -> !call.failed())
			.collect(Collectors.groupingBy(Call::status, TreeMap::new, Collectors.counting()));
		return new CallReport(calls.size(), failures.size(), failures.isEmpty() ? null : failures.get(0), answers,
				connections.opened(), connections.accepted(), rounded(connections.reuseRatio(), 10_000),
				milliseconds(nanos), rounded(calls.size() * 1e9 / nanos, 10), Latency.of(calls));
	}

	/**
	 * Return this report for a terminal.
	 * @return one line for each number
	 */
	String table() {
		StringBuilder table = new StringBuilder();
		line(table, "calls", this.calls);
		line(table, "failures", (this.firstFailure != null) ? this.failures + ", the first: " + this.firstFailure : 0);
		line(table, "answers",
				this.answers.entrySet()
					.stream()
					.map((answer) -> answer.getKey() + ": " + answer.getValue())
					.collect(Collectors.joining(", ")));
		line(table, "connections opened", this.connectionsOpened);
		line(table, "accepted by upstream", this.connectionsAccepted);
		line(table, "reuse ratio", this.reuseRatio);
		line(table, "elapsed", this.elapsedMs + " ms");
		line(table, "calls per second", this.callsPerSecond);
		line(table, "latency p50", this.latencyMs.p50() + " ms");
		line(table, "latency p99", this.latencyMs.p99() + " ms");
		return table.toString();
	}

	private static void line(StringBuilder table, String name, Object value) {
		table.append("%-22s%s%n".formatted(name, value));
	}

	private static double milliseconds(long nanos) {
		return rounded(nanos / 1e6, 10);
	}

	private static double rounded(double value, int steps) {
		return Math.round(value * steps) / (double) steps;
	}

}
