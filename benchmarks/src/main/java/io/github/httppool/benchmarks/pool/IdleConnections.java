package io.github.httppool.benchmarks.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.clients.SpringClient;
import io.github.httppool.benchmarks.compare.Load;
import io.github.httppool.benchmarks.compare.Slice;
import io.github.httppool.benchmarks.compare.Turns;
import io.github.httppool.benchmarks.meters.WatchedApplication;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * What many idle connections, over 100 routes, cost an application, beside one without
 * them.
 *
 * @param connections how many there are
 * @param calls how many calls to another route are made, of those made without them
 * @param bytes of the heap for each
 * @param housekeeping share of a processor that the housekeeper takes, in percent
 * @param endpoint how long it takes to read the endpoint, in milliseconds
 * @param scrape how long it takes to read the meters, in milliseconds
 */
public record IdleConnections(int connections, Statistics calls, double bytes, double housekeeping, Statistics endpoint,
		Statistics scrape) {

	private static final int ROUTES = 100;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @return what was measured
	 * @throws Exception if something cannot be run
	 */
	public static IdleConnections measure(Effort effort) throws Exception {
		int each = effort.either(100, 2);
		requireFiles(ROUTES * each);
		String[] limits = { "http-pool.max-total=" + (ROUTES * each + Turns.MAX_CONNECTIONS),
				"http-pool.max-per-route=" + Turns.MAX_CONNECTIONS, "http-pool.idle-timeout=1h",
				"http-pool.time-to-live=0" };
		try (Upstream upstream = new Upstream(ROUTES);
				WatchedApplication loaded = new WatchedApplication(limits);
				WatchedApplication other = new WatchedApplication(limits)) {
			long before = heap();
			upstream.furtherUris().forEach((uri) -> openIdle(loaded.client(), uri, each));
			double bytes = (double) (heap() - before) / (ROUTES * each);
			double housekeeping = housekeeping(effort.either(3000, 10));
			Statistics calls = calls(loaded, other, upstream.uri(Answer.KB1), effort);
			return new IdleConnections(ROUTES * each, calls, bytes, housekeeping, reading(loaded, "httppool", effort),
					reading(loaded, "prometheus", effort))
				.print();
		}
	}

	private static void requireFiles(int connections) {
		long files = ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
			.getMaxFileDescriptorCount();
		if (files < connections + 1000) {
			throw new IllegalStateException(connections + " connections need " + (connections + 1000)
					+ " open files, but a process may have " + files + ": raise that with ulimit -n");
		}
	}

	/**
	 * As many responses at once as there are to be connections.
	 */
	private static void openIdle(RestClient client, URI uri, int count) {
		List<ClientHttpResponse> open = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			open.add(Objects.requireNonNull(client.get().uri(uri).exchange((request, response) -> response, false)));
		}
		open.forEach(ClientHttpResponse::close);
	}

	private static long heap() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Nobody calls meanwhile: what the thread does, it does for what is idle.
	 */
	private static double housekeeping(long millis) throws InterruptedException {
		long thread = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
			.filter((info) -> info != null && info.getThreadName().equals("http-pool-default"))
			.mapToLong(ThreadInfo::getThreadId)
			.findFirst()
			.orElseThrow();
		long before = THREADS.getThreadCpuTime(thread);
		long started = System.nanoTime();
		Thread.sleep(millis);
		return 100.0 * (THREADS.getThreadCpuTime(thread) - before) / (System.nanoTime() - started);
	}

	private static Statistics calls(WatchedApplication loaded, WatchedApplication other, URI uri, Effort effort)
			throws InterruptedException {
		Map<String, WatchedApplication> applications = Map.of("loaded", loaded, "other", other);
		try (Turns<String> turns = new Turns<>(List.of("loaded", "other"),
				(name) -> SpringClient.of(applications.get(name).client()))) {
			Load load = Load.full(ComparedClient::bytes, uri, 8, effort.either(300, 20));
			turns.run(load.during(effort.either(1000, 20)), effort.either(3, 1));
			Map<String, List<Slice>> slices = turns.run(load, effort.rounds(21));
			return Slice.ratio(slices.get("loaded"), slices.get("other"), Slice::callsPerSecond);
		}
	}

	private static Statistics reading(WatchedApplication application, String endpoint, Effort effort) {
		int reads = effort.either(50, 1);
		double[] millis = new double[reads];
		for (int i = -reads; i < reads; i++) {
			long started = System.nanoTime();
			application.read(endpoint);
			millis[Math.max(i, 0)] = (System.nanoTime() - started) / 1e6;
		}
		return Statistics.of(millis);
	}

	private IdleConnections print() {
		System.out.printf(
				"%,d idle connections: calls to another route %s of those without them, %,.0f bytes of heap each,"
						+ " housekeeper %.2f %% of a processor, endpoint %s ms, scrape %s ms%n",
				this.connections, this.calls.toString(3), this.bytes, this.housekeeping, this.endpoint.toString(2),
				this.scrape.toString(2));
		return this;
	}

}
