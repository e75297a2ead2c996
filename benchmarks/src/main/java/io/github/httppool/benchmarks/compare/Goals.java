package io.github.httppool.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.pool.IdleConnections;
import io.github.httppool.benchmarks.pool.LeaseCheck;
import io.github.httppool.benchmarks.pool.UnreadBodies;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.startup.StartUp;

/**
 * What the pool has to reach. Ratios are to Spring's client on a HttpClient that was
 * tuned by hand, unless they say otherwise.
 */
final class Goals {

	private static final ClientKind OURS = ClientKind.HTTP_POOL;

	private Goals() {
	}

	static List<Goal> measure(Clients clients, Effort effort) throws Exception {
		List<Goal> goals = new ArrayList<>(ofClients(clients));
		UnreadBodies unread = UnreadBodies.measure(effort);
		goals.add(new Goal("unread 2 KB body, more than reading it", unread.more().toString(1) + " µs", "at most 20 µs",
				unread.more().median() <= 20));
		goals.add(Goal.atMost("close of a flood without end, p99", unread.flood(), 60, "ms"));
		goals.add(Goal.atMost("close of a drip without end, p99", unread.drip(), 60, "ms"));
		LeaseCheck check = LeaseCheck.measure(effort);
		goals.add(Goal.atMost("check at each lease", check.atEachLease().median(), 3, "µs"));
		goals.add(Goal.atMost("check after inactivity", check.afterInactivity().median(), 3, "µs"));
		goals.add(ofIdle(IdleConnections.measure(effort)));
		StartUp startUp = StartUp.measure(effort);
		goals.add(new Goal("start-up, more than without the starter",
				String.format(Locale.ROOT, "%s ms, of %.0f ms", startUp.more().toString(0), startUp.with().median()),
				"at most 60 ms", startUp.more().median() <= 60));
		return goals;
	}

	private static List<Goal> ofClients(Clients clients) {
		List<Goal> goals = new ArrayList<>();
		List<Scenario> loads = List.of(Scenario.ONE, Scenario.EIGHT, Scenario.MANY);
		for (Scenario load : loads) {
			goals.add(Goal.atLeast("calls a second, " + load.title(),
					clients.ratio(OURS, Clients.BASE, load, Slice::callsPerSecond), 1.05));
		}
		for (Scenario load : loads) {
			goals.add(Goal.atMost("CPU of a call, " + load.title(),
					clients.ratio(OURS, Clients.BASE, load, Slice::cpuMicros), 0.95));
		}
		goals.add(allocation(clients, "1 KB as bytes", Scenario.EIGHT, 0.75));
		goals.add(allocation(clients, "1 KB as String", Scenario.TEXT, 0.6));
		goals.add(allocation(clients, "1 KB chunked as bytes", Scenario.CHUNKED, 0.6));
		goals.add(allocation(clients, "1 KB chunked as String", Scenario.CHUNKED_TEXT, 0.6));
		goals.add(Goal.atLeast("calls a second to Boot's default, " + Scenario.SLOW.title(),
				clients.ratio(OURS, ClientKind.BOOT, Scenario.SLOW, Slice::callsPerSecond), 12));
		goals.add(Goal.atMost(String.format(Locale.ROOT, "p99 at 70 %% of the most calls, %,.0f/s", clients.pace()),
				Slice.ratio(clients.paced(OURS), clients.paced(Clients.BASE), Slice::p99), 1));
		return goals;
	}

	private static Goal allocation(Clients clients, String what, Scenario scenario, double most) {
		return Goal.atMost("allocation, " + what, clients.ratio(OURS, Clients.BASE, scenario, Slice::bytes), most);
	}

	private static Goal ofIdle(IdleConnections idle) {
		Statistics calls = idle.calls();
		return new Goal(String.format(Locale.ROOT, "calls beside %,d idle connections", idle.connections()),
				calls.toString(3), "1 within the quartiles, or 0.99", calls.upper() >= 1 || calls.median() >= 0.99);
	}

}
