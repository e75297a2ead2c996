package io.github.httppool.benchmarks.pool;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.SpringClient;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.meters.WatchedApplication;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * What many idle connections cost an application, over 100 routes.
 *
 * @param connections number of idle connections
 * @param calls throughput of calls to another route, as a ratio to an application without
 * idle connections
 * @param bytes heap per idle connection
 * @param housekeeping CPU time of the housekeeper, in percent of a processor
 * @param endpoint duration of reading the endpoint, in milliseconds
 * @param scrape duration of reading the meters, in milliseconds
 */
public record IdleConnections(int connections, Statistics calls, double bytes, double housekeeping, Statistics endpoint,
		Statistics scrape) {

	private static final int ROUTES = 100;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	/**
	 * Measure.
	 * @param effort how much to measure
	 * @return the result
	 * @throws Exception if something cannot be measured
	 */
	public static Result run(Effort effort) throws Exception {
		return measure(effort).result();
	}

	private static IdleConnections measure(Effort effort) throws Exception {
		int each = effort.either(100, 2);
		requireFiles(ROUTES * each);
		String[] limits = { "http-pool.max-total=" + (ROUTES * each + ClientSpec.ENOUGH_CONNECTIONS),
				"http-pool.max-per-route=" + ClientSpec.ENOUGH_CONNECTIONS, "http-pool.idle-timeout=1h",
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
					reading(loaded, "prometheus", effort));
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
	 * Keep as many responses open at once as connections are needed.
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
	 * Measure while no calls are made: the thread then works for idle connections only.
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
			throws Exception {
		List<WatchedApplication> applications = List.of(loaded, other);
		Load load = new Load(8, effort.sliceMillis(300));
		Turns.Measuring<WatchedApplication> measuring = (application) -> load
			.slice((number) -> SpringClient.of(application.client()).bytes(uri));
		Turns.take(applications, effort.either(9, 1), measuring);
		Map<WatchedApplication, List<Slice>> slices = Turns.take(applications, effort.rounds(21), measuring);
		return Slice.ratio(slices.get(loaded), slices.get(other), Slice::callsPerSecond);
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

	private Result result() {
		String text = String.format(Locale.ROOT, """
				| %,d idle connections | |
				| --- | --- |
				| calls per second to another route, ratio to an application without them | %s |
				| heap per connection | %,.0f bytes |
				| housekeeper | %.2f %% of a processor |
				| reading the endpoint | %s ms |
				| scraping the meters | %s ms |
				""", this.connections, this.calls.toString(3), this.bytes, this.housekeeping, this.endpoint.toString(2),
				this.scrape.toString(2));
		return new Result(text,
				List.of(new Goal(
						String.format(Locale.ROOT, "calls per second beside %,d idle connections", this.connections),
						this.calls.toString(3), "1 within the quartiles, or at least 0.99",
						this.calls.upper() >= 1 || this.calls.median() >= 0.99)));
	}

}
