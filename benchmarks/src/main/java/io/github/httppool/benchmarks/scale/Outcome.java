package io.github.httppool.benchmarks.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.benchmarks.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a client under load. Connections are those that the server accepted;
 * sockets are those that were connected to this server.
 *
 * @param calls how many calls were answered
 * @param errors how many failed
 * @param firstError the first failure
 * @param openedWarmingUp connections opened before it counted
 * @param opened connections opened from then on
 * @param timeWaitBefore sockets in {@code TIME_WAIT} before the first call
 * @param timeWaitAfter sockets in {@code TIME_WAIT} after the last call
 * @param p50 latency, in microseconds
 * @param p99 latency, in microseconds
 * @param max latency, in microseconds
 * @param cpu CPU time of the client's process for a call, in microseconds
 */
record Outcome(long calls, long errors, @Nullable String firstError, long openedWarmingUp, long opened,
		long timeWaitBefore, long timeWaitAfter, long p50, long p99, long max, double cpu) {

	/**
	 * Run a client against a server of its own.
	 * @param program its command, to which address and load are added
	 * @param load the load
	 */
	static Outcome of(List<String> program, Load load) throws IOException, InterruptedException {
		try (Upstream upstream = new Upstream()) {
			URI uri = upstream.uri(load.answer());
			List<String> command = new ArrayList<>(program);
			command.add(uri.toString());
			command.addAll(load.arguments());
			long timeWaitBefore = TimeWait.count(uri.getPort());
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			try {
				Report report = new Report(
						new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
				report.await("ready");
				long openedWarmingUp = upstream.accepted();
				goOn(process);
				report.await("end");
				long opened = upstream.accepted() - openedWarmingUp;
				long timeWaitAfter = TimeWait.count(uri.getPort());
				goOn(process);
				process.waitFor();
				long calls = report.number("calls");
				return new Outcome(calls, report.number("errors"), report.text("firstError"), openedWarmingUp, opened,
						timeWaitBefore, timeWaitAfter, report.number("p50"), report.number("p99"), report.number("max"),
						(double) report.number("cpu") / Math.max(calls, 1));
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

	private static void goOn(Process process) throws IOException {
		OutputStream input = process.getOutputStream();
		input.write('\n');
		input.flush();
	}

}
