package io.github.httppool.sample.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The experiments of the lab: field reports on the reuse of HTTP connections.
 */
final class Experiments {

	private static final Duration TEN_MILLIS = Duration.ofMillis(10);

	private static final String MAX_PER_ROUTE = "http-pool.max-per-route";

	/**
	 * All experiments, in the order of the page.
	 */
	static final List<Experiment> ALL = List.of(clientPerCall(), unreadBodies(), idleLimit(), burst(), endlessBody(),
			serverCloses(), poolTooSmall(), leak(), ports());

	private Experiments() {
	}

	static Optional<Experiment> find(String id) {
		return ALL.stream().filter((experiment) -> experiment.id().equals(id)).findFirst();
	}

	private static Experiment clientPerCall() {
		return new Experiment("client-per-call", "A client per call",
				"20 callers make 300 calls. Each call builds a client from an injected RestClient.Builder.",
				"Spring Boot gives each client a connection pool of its own and leaves it open. "
						+ "With HTTP Pool, all clients share one pool, so a forgotten client costs nothing.",
				Exchange.OWN_CLIENT, Load.steady(300, 20, Duration.ofSeconds(8)), Answers.after(TEN_MILLIS),
				List.of(Setting.of(MAX_PER_ROUTE, "50", "10")));
	}

	private static Experiment unreadBodies() {
		return new Experiment("unread-bodies", "Bodies closed unread",
				"100 callers make 2,000 calls. Each one looks at the status and closes the body of 2 KB unread.",
				"A connection can be reused only after its body was read. Both clients read the rest on close: "
						+ "HTTP Pool up to drain.max-bytes and drain.max-time, Spring Boot's default without a bound. "
						+ "Five connections per route make its callers queue.",
				Exchange.IGNORE, Load.steady(2000, 100, Duration.ofSeconds(10)), Answers.after(TEN_MILLIS),
				List.of(Setting.of("http-pool.drain.max-bytes", "64KB", "1KB"),
						Setting.of(MAX_PER_ROUTE, "50", "100")));
	}

	private static Experiment idleLimit() {
		return new Experiment("idle-limit", "An idle limit too small",
				"40 callers call at the same moment, twice a second, for 18 seconds.",
				"A pool that keeps 2 idle connections closes the other 38 after each burst and opens them again. "
						+ "HTTP Pool is configured wrong here on purpose. Its default keeps as many as a route may have.",
				Exchange.READ, Load.bursts(36, 40, Duration.ofMillis(500)), Answers.after(TEN_MILLIS),
				List.of(Setting.of("http-pool.max-idle-per-route", "2", "50")));
	}

	private static Experiment burst() {
		return new Experiment("burst", "No limit and a burst",
				"200 callers call at the same moment, twice. The upstream takes 50 ms for a response.",
				"Without a limit, a burst opens a connection per caller. With a limit, callers queue, and the queue "
						+ "needs a limit, too: max-pending refuses further callers at once and says why.",
				Exchange.READ, Load.bursts(2, 200, Duration.ofMillis(2500)), Answers.after(Duration.ofMillis(50)),
				List.of(Setting.of(MAX_PER_ROUTE, "50", "200"), Setting.of("http-pool.max-pending", "1000", "50")));
	}

	private static Experiment endlessBody() {
		return new Experiment("endless-body", "An endless body",
				"6 callers make 60 calls and ignore the bodies. Every third body never ends: one byte every 20 ms.",
				"Spring Boot's default reads to the end on close, so an endless body holds its caller for good. "
						+ "HTTP Pool gives up after drain.max-time; that costs the connection, not the caller.",
				Exchange.IGNORE_ENDLESS, Load.steady(60, 6, Duration.ofSeconds(4)), Answers.after(TEN_MILLIS),
				List.of(Setting.of("http-pool.drain.max-time", "50ms", "200ms")));
	}

	private static Experiment serverCloses() {
		return new Experiment("server-closes", "A server that closes idle connections",
				"8 callers post an order every 1.1 s. The upstream closes a connection that is idle for 800 ms.",
				"Spring Boot's default checks a connection only after 2 seconds without use, and sends requests to "
						+ "connections that are closed already. HTTP Pool checks before each lease. "
						+ "An idle-timeout below the server's limit avoids the race altogether.",
				Exchange.POST, Load.bursts(18, 8, Duration.ofMillis(1100)),
				Answers.after(TEN_MILLIS).withIdleLimit(Duration.ofMillis(800)),
				List.of(Setting.of("http-pool.idle-timeout", "50s", "400ms")));
	}

	private static Experiment poolTooSmall() {
		return new Experiment("pool-too-small", "A pool too small",
				"64 callers make 2,000 calls. Both pools may open 5 connections, which is Spring Boot's default.",
				"Five connections and 10 ms for a call make 500 calls a second, whatever the machine can do. "
						+ "HTTP Pool says so, and how many connections these callers need.",
				Exchange.READ, Load.steady(2000, 64, Duration.ofSeconds(10)), Answers.after(TEN_MILLIS),
				List.of(Setting.of(MAX_PER_ROUTE, "5", "64")));
	}

	private static Experiment leak() {
		return new Experiment("leak", "A leak", "10 callers make 200 calls. Every twentieth response is never closed.",
				"Each forgotten response keeps its connection. Five of them block Spring Boot's default without a word. "
						+ "HTTP Pool reports who holds a connection for how long, and where it was leased.",
				Exchange.FORGET, Load.steady(200, 10, Duration.ofSeconds(4)), Answers.after(TEN_MILLIS),
				List.of(Setting.of("http-pool.leak-detection-threshold", "1s", "2s"),
						Setting.of(MAX_PER_ROUTE, "50", "5")));
	}

	private static Experiment ports() {
		return new Experiment("ports", "Ports running out",
				"20 callers make 1,000 calls. Each call builds a client and closes it afterwards.",
				"Each connection that a client closes blocks a local port for a minute (TIME_WAIT). "
						+ "Closing a client of HTTP Pool keeps the connections. "
						+ "The experiment stops long before this machine runs out of ports.",
				Exchange.OWN_CLOSED_CLIENT, Load.steady(1000, 20, Duration.ofSeconds(10)), Answers.after(TEN_MILLIS),
				List.of(Setting.of("http-pool.keep-alive", "true", "false")));
	}

}
