package io.github.httppool.benchmarks.compare;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.fork.Forks;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.measure.SliceTable;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The command {@code lease}: lease and release of open connections, without an exchange.
 * HttpClient's own pool is measured without a check and with one that does the same as
 * ours; its own check waits for a millisecond. Each pool has a JVM of its own.
 */
public final class LeaseComparison {

	private static final List<ClientKind> KINDS = List.of(ClientKind.TUNED_CHECKED, ClientKind.HTTP_POOL,
			ClientKind.HTTP_POOL_VALIDATING, ClientKind.TUNED);

	/** Never reached, whatever the number of routes. */
	private static final int MAX_CONNECTIONS = 10_000;

	private final List<Goal> goals = new ArrayList<>();

	private final StringBuilder text = new StringBuilder();

	private final Effort effort;

	private LeaseComparison(Effort effort) {
		this.effort = effort;
	}

	/**
	 * Measure.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a pool cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		LeaseComparison comparison = new LeaseComparison(arguments.effort());
		boolean brief = comparison.effort.brief();
		for (int routes : arguments.numbers("routes", brief ? "3" : "1,100")) {
			comparison.compare(routes, arguments.numbers("threads", brief ? "2" : "1,8,64"));
		}
		return new Result(comparison.text.toString(), comparison.goals);
	}

	private void compare(int routes, List<Integer> threads) throws Exception {
		List<ClientKind> kinds = this.effort.brief() ? KINDS.subList(0, 2) : KINDS;
		try (Upstream upstream = new Upstream(routes); Forks<ClientKind> forks = Forks.of(kinds)) {
			for (int callers : threads) {
				String title = String.format(Locale.ROOT, "lease and release, routes: %s, threads: %s", routes,
						callers);
				System.out.println(title);
				List<URI> uris = upstream.furtherUris();
				Load load = new Load(callers, this.effort.sliceMillis(300));
				Turns.take(kinds, this.effort.either(4, 1), (kind) -> measure(forks, kind, uris, load));
				Map<ClientKind, List<Slice>> slices = Turns.take(kinds, this.effort.rounds(9),
						(kind) -> measure(forks, kind, uris, load));
				this.text.append(SliceTable.of(title, slices, ClientKind::title));
				check(title, callers, slices);
			}
		}
	}

	private static Slice measure(Forks<ClientKind> forks, ClientKind kind, List<URI> uris, Load load) throws Exception {
		return forks.get(kind).measure(new ClientSpec(kind, MAX_CONNECTIONS, false), Operation.LEASE, uris, load);
	}

	private void check(String title, int threads, Map<ClientKind, List<Slice>> slices) {
		this.goals.add(Goal.atLeast(title + ", leases per second to HttpClient's pool with a check", Slice
			.ratio(slices.get(ClientKind.HTTP_POOL), slices.get(ClientKind.TUNED_CHECKED), Slice::callsPerSecond), 1));
		if (threads == 1 && slices.containsKey(ClientKind.TUNED)) {
			double unchecked = micros(slices.get(ClientKind.TUNED));
			this.goals.add(Goal.atMost(title + ", more than HttpClient's pool without a check",
					micros(slices.get(ClientKind.HTTP_POOL)) - unchecked, 3, "µs"));
			this.goals.add(Goal.atMost(title + ", the same after inactivity",
					micros(slices.get(ClientKind.HTTP_POOL_VALIDATING)) - unchecked, 3, "µs"));
		}
	}

	private static double micros(List<Slice> slices) {
		return 1e6 / Slice.of(slices, Slice::callsPerSecond).median();
	}

}
