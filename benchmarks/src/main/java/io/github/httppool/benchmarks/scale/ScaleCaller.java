package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.ComparedClient;

/**
 * The process of a Java client. Warms up, says so, waits for a byte, calls, says what it
 * found, and keeps its connections until it is told to end. The Go program does the same.
 */
final class ScaleCaller {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private ScaleCaller() {
	}

	public static void main(String[] arguments) throws Exception {
		List<String> all = Arrays.asList(arguments);
		URI uri = URI.create(all.get(1));
		Load load = Load.ofArguments(all.subList(2, all.size()));
		try (ComparedClient client = new ClientSpec(ClientKind.valueOf(all.get(0)), load.connections(), false).open()) {
			new Callers(client, uri, load).run(load.warmUpSeconds());
			say("ready", 0);
			awaitParent();
			long cpu = SYSTEM.getProcessCpuTime();
			Callers callers = new Callers(client, uri, load);
			callers.run(load.seconds());
			report(callers, SYSTEM.getProcessCpuTime() - cpu);
			awaitParent();
		}
	}

	private static void report(Callers callers, long cpuNanos) {
		long[] latencies = callers.sortedLatencies();
		say("calls", latencies.length);
		say("errors", callers.errors());
		Throwable error = callers.firstError();
		if (error != null) {
			say("firstError", error.toString().replaceAll("\\R", " "));
		}
		say("p50", percentile(latencies, 50) / 1000);
		say("p99", percentile(latencies, 99) / 1000);
		say("max", percentile(latencies, 100) / 1000);
		say("cpu", cpuNanos / 1000);
		say("end", 0);
	}

	private static long percentile(long[] sorted, long percent) {
		return (sorted.length > 0) ? sorted[(int) ((sorted.length - 1) * percent / 100)] : 0;
	}

	private static void say(String name, Object value) {
		System.out.println(Report.PREFIX + name + " " + value);
	}

	private static void awaitParent() throws IOException {
		System.in.read();
	}

}
