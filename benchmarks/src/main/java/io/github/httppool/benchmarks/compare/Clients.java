package io.github.httppool.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.fork.ClassPath;
import io.github.httppool.benchmarks.fork.Fork;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * Measurements of all clients in all scenarios, and of their latency at a rate that the
 * base client can handle. Within a run all clients share a JVM and take turns.
 */
final class Clients {

	/** The client with which the others are compared. */
	static final ClientKind BASE = ClientKind.TUNED;

	/** The clients of the tables. */
	static final List<ClientKind> KINDS = List.of(ClientKind.TUNED, ClientKind.HTTP_POOL, ClientKind.RAW,
			ClientKind.BARE, ClientKind.BOOT, ClientKind.JDK, ClientKind.URL_CONNECTION, ClientKind.OKHTTP);

	/** Share of the throughput of the base client at which latency is measured. */
	private static final double PACE = 0.7;

	private final Map<Scenario, Map<ClientKind, List<Slice>>> measured = new EnumMap<>(Scenario.class);

	private final Map<ClientKind, List<Slice>> paced = new EnumMap<>(ClientKind.class);

	private final int runs;

	private double pace;

	private Clients(int runs) {
		this.runs = runs;
	}

	/**
	 * Measure all clients.
	 * @param effort how much to measure
	 * @param runs the number of runs, each in a new JVM
	 * @return the measurements of all runs
	 * @throws Exception if a client cannot be measured
	 */
	static Clients measure(Effort effort, int runs) throws Exception {
		Clients clients = new Clients(runs);
		for (int run = 1; run <= runs; run++) {
			System.out.println("Run " + run + " of " + runs);
			try (Upstream upstream = new Upstream(); Fork fork = new Fork(ClassPath.current())) {
				clients.run(fork, upstream, effort);
			}
		}
		return clients;
	}

	private void run(Fork fork, Upstream upstream, Effort effort) throws Exception {
		int millis = effort.sliceMillis(300);
		turns(fork, upstream, Scenario.EIGHT, new Load(Scenario.EIGHT.threads(), 3 * millis), effort.either(3, 1));
		for (Scenario scenario : Scenario.values()) {
			System.out.println("  " + scenario.title());
			Load load = new Load(scenario.threads(), millis);
			turns(fork, upstream, scenario, load, effort.either(1, 0));
			int rounds = scenario.isAboutSpeed() ? effort.rounds(9) : effort.either(2, 1);
			add(this.measured.computeIfAbsent(scenario, (key) -> new EnumMap<>(ClientKind.class)),
					turns(fork, upstream, scenario, load, rounds));
		}
		System.out.println("  latency");
		if (this.pace == 0) {
			this.pace = PACE * statistics(BASE, Scenario.EIGHT, Slice::callsPerSecond).median();
		}
		Load load = new Load(Scenario.EIGHT.threads(), 2 * millis, this.pace, false);
		add(this.paced, turns(fork, upstream, Scenario.EIGHT, load, effort.rounds(7)));
	}

	private static Map<ClientKind, List<Slice>> turns(Fork fork, Upstream upstream, Scenario scenario, Load load,
			int rounds) throws Exception {
		List<ClientKind> kinds = KINDS.stream().filter(scenario::suits).toList();
		return Turns.take(kinds, rounds, (kind) -> fork.measure(scenario.client(kind), scenario.operation(),
				List.of(upstream.uri(scenario.answer())), load));
	}

	private static void add(Map<ClientKind, List<Slice>> all, Map<ClientKind, List<Slice>> further) {
		further.forEach((kind, slices) -> all.computeIfAbsent(kind, (key) -> new ArrayList<>()).addAll(slices));
	}

	int runs() {
		return this.runs;
	}

	/**
	 * Return a measurement of a client.
	 * @param kind the client
	 * @param scenario a scenario that {@linkplain Scenario#suits suits} it
	 * @param measurement the measurement
	 * @return its statistics
	 */
	Statistics statistics(ClientKind kind, Scenario scenario, ToDoubleFunction<Slice> measurement) {
		return Slice.of(slices(kind, scenario), measurement);
	}

	/**
	 * Compare two clients.
	 * @param kind the client
	 * @param base the client with which it is compared
	 * @param scenario a scenario that suits both
	 * @param measurement the measurement
	 * @return the statistics of the ratios
	 */
	Statistics ratio(ClientKind kind, ClientKind base, Scenario scenario, ToDoubleFunction<Slice> measurement) {
		return Slice.ratio(slices(kind, scenario), slices(base, scenario), measurement);
	}

	private List<Slice> slices(ClientKind kind, Scenario scenario) {
		return this.measured.get(scenario).get(kind);
	}

	/**
	 * Return the rate at which latency was measured.
	 * @return the rate, in calls per second
	 */
	double pace() {
		return this.pace;
	}

	List<Slice> paced(ClientKind kind) {
		return this.paced.get(kind);
	}

	/**
	 * Return whether a client reaches the rate. If it does not, its latency only tells
	 * for how long it was measured.
	 * @param kind the client
	 * @return whether it reaches the rate
	 */
	boolean keepsPace(ClientKind kind) {
		return Slice.of(paced(kind), Slice::callsPerSecond).median() > 0.95 * this.pace;
	}

	/**
	 * Return the number of failed calls of a client.
	 * @param kind the client
	 * @return the number, in all scenarios
	 */
	long failures(ClientKind kind) {
		return Slice.failures(paced(kind)) + this.measured.values()
			.stream()
			.mapToLong((kinds) -> Slice.failures(kinds.getOrDefault(kind, List.of())))
			.sum();
	}

}
