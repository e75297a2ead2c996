package io.github.httppool.benchmarks.compare;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * What all clients do in all scenarios, and how long their calls take at a rate that the
 * client of reference can stand.
 */
public final class Clients {

	/** What the others are compared with. */
	public static final ClientKind BASE = ClientKind.TUNED;

	/** Of the most calls that the client of reference makes. */
	private static final double PACE = 0.7;

	private final Map<Scenario, Map<ClientKind, List<Slice>>> measured = new EnumMap<>(Scenario.class);

	private final Map<ClientKind, List<Slice>> paced;

	private final double pace;

	private Clients(Turns<ClientKind> turns, Upstream upstream, Effort effort) throws InterruptedException {
		long millis = effort.either(300, 5);
		turns.run(load(Scenario.EIGHT, upstream, effort.either(1000, 5)), effort.either(3, 1));
		for (Scenario scenario : Scenario.values()) {
			System.out.println("Clients: " + scenario.title());
			Load load = load(scenario, upstream, millis);
			turns.run(load, effort.either(1, 0), scenario::suits);
			this.measured.put(scenario, turns.run(load,
					scenario.isAboutSpeed() ? effort.rounds(13) : effort.either(3, 1), scenario::suits));
		}
		System.out.println("Clients: latency");
		this.pace = PACE * statistics(BASE, Scenario.EIGHT, Slice::callsPerSecond).median();
		Load load = new Load(ComparedClient::bytes, upstream.uri(Answer.KB1), Scenario.EIGHT.threads(),
				effort.either(500, 5), this.pace, Thread::new);
		turns.run(load, effort.either(1, 0));
		this.paced = turns.run(load, effort.rounds(9));
	}

	/**
	 * Measure clients.
	 * @param kinds which
	 * @param effort how thoroughly
	 * @return what was measured
	 * @throws Exception if something cannot be run
	 */
	public static Clients measure(List<ClientKind> kinds, Effort effort) throws Exception {
		try (Upstream upstream = new Upstream(); Turns<ClientKind> turns = Turns.of(kinds)) {
			return new Clients(turns, upstream, effort);
		}
	}

	private static Load load(Scenario scenario, Upstream upstream, long millis) {
		return Load.full(scenario.work(), upstream.uri(scenario.answer()), scenario.threads(), millis);
	}

	/**
	 * Return a number of a client.
	 * @param kind the client
	 * @param scenario where it was measured, one that {@linkplain Scenario#suits suits}
	 * it
	 * @param what the number
	 * @return its statistics
	 */
	public Statistics statistics(ClientKind kind, Scenario scenario, ToDoubleFunction<Slice> what) {
		return Slice.of(slices(kind, scenario), what);
	}

	/**
	 * Compare two clients.
	 * @param kind the one
	 * @param base the other
	 * @param scenario where they were measured
	 * @param what the number to compare
	 * @return the statistics of the ratios
	 */
	public Statistics ratio(ClientKind kind, ClientKind base, Scenario scenario, ToDoubleFunction<Slice> what) {
		return Slice.ratio(slices(kind, scenario), slices(base, scenario), what);
	}

	private List<Slice> slices(ClientKind kind, Scenario scenario) {
		return this.measured.get(scenario).get(kind);
	}

	/**
	 * Return how many calls a second the clients were asked for when their latency was
	 * measured.
	 * @return the rate
	 */
	public double pace() {
		return this.pace;
	}

	/**
	 * Return the latencies of a client at that rate.
	 * @param kind the client
	 * @return its slices
	 */
	public List<Slice> paced(ClientKind kind) {
		return this.paced.get(kind);
	}

	/**
	 * Say whether a client makes as many calls as it was asked for. If not, callers wait
	 * longer and longer, and latencies say only for how long it was measured.
	 * @param kind the client
	 * @return whether it keeps pace
	 */
	public boolean keepsPace(ClientKind kind) {
		return Slice.of(paced(kind), Slice::callsPerSecond).median() > 0.95 * this.pace;
	}

	/**
	 * Count the calls that failed.
	 * @param kind the client
	 * @return how many, in all scenarios
	 */
	public long failures(ClientKind kind) {
		return Slice.failures(paced(kind)) + this.measured.values()
			.stream()
			.mapToLong((kinds) -> Slice.failures(kinds.getOrDefault(kind, List.of())))
			.sum();
	}

}
