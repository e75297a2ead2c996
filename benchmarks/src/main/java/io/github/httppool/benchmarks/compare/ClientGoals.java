package io.github.httppool.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.report.Goal;

/**
 * Goals for the pool as a client. Ratios are to the base client unless another one is
 * named.
 */
final class ClientGoals {

	private static final ClientKind OURS = ClientKind.HTTP_POOL;

	private final List<Goal> goals = new ArrayList<>();

	private final Clients clients;

	private ClientGoals(Clients clients) {
		this.clients = clients;
	}

	static List<Goal> of(Clients clients) {
		return new ClientGoals(clients).check();
	}

	private List<Goal> check() {
		throughput(1.10, Scenario.ONE, Scenario.EIGHT, Scenario.MANY);
		throughput(1.05, Scenario.OBSERVED_ONE, Scenario.OBSERVED_EIGHT, Scenario.OBSERVED_MANY);
		for (Scenario load : List.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY)) {
			this.goals.add(Goal.atMost("CPU per call, " + load.title(),
					this.clients.ratio(OURS, Clients.BASE, load, Slice::cpuMicros), 0.88));
		}
		allocation("1 KB as bytes", Scenario.EIGHT, 0.46);
		allocation("1 KB as String", Scenario.TEXT, 0.6);
		allocation("1 KB chunked as bytes", Scenario.CHUNKED, 0.6);
		allocation("1 KB chunked as String", Scenario.CHUNKED_TEXT, 0.6);
		this.goals.add(Goal.atLeast("calls per second to Boot's default, " + Scenario.SLOW.title(),
				this.clients.ratio(OURS, ClientKind.BOOT, Scenario.SLOW, Slice::callsPerSecond), 12));
		this.goals.add(Goal.atMost(
				String.format(Locale.ROOT, "99th percentile of the latency at %,.0f calls per second",
						this.clients.pace()),
				Slice.ratio(this.clients.paced(OURS), this.clients.paced(Clients.BASE), Slice::p99), 1));
		return this.goals;
	}

	private void throughput(double least, Scenario... loads) {
		for (Scenario load : loads) {
			this.goals.add(Goal.atLeast("calls per second, " + load.title(),
					this.clients.ratio(OURS, Clients.BASE, load, Slice::callsPerSecond), least));
		}
	}

	private void allocation(String name, Scenario scenario, double most) {
		this.goals.add(Goal.atMost("allocation, " + name,
				this.clients.ratio(OURS, Clients.BASE, scenario, Slice::bytes), most));
	}

}
