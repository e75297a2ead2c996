package io.github.httppool.findings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import io.github.httppool.findings.Variation.Kind;

import static io.github.httppool.findings.Seen.OTHER;
import static io.github.httppool.findings.Seen.ROUTE;

/**
 * For each finding a resize, a worse situation, and a similar one with another cause.
 */
public final class Variations {

	private static final HeldLease FORGOTTEN = new HeldLease(ROUTE, Duration.ofMinutes(3), "exec-7", "GET /orders");

	private static final List<Variation> ALL = new ArrayList<>();

	private Variations() {
	}

	/**
	 * Return the situations, those of a code together.
	 */
	public static List<Variation> all() {
		synchronized (ALL) {
			if (ALL.isEmpty()) {
				limits();
				reuse();
				openings();
				machine();
			}
			return List.copyOf(ALL);
		}
	}

	private static void add(FindingCode code, Kind kind, String story, String expected, Supplier<Seen> seen) {
		add(code, kind, story, expected, "", seen);
	}

	private static void add(FindingCode code, Kind kind, String story, String expected, String advice,
			Supplier<Seen> seen) {
		List<String> codes = expected.isEmpty() ? List.of() : List.of(expected.split(", "));
		ALL.add(new Variation(code, kind, story, codes, advice, seen));
	}

	/**
	 * Findings that do not depend on limits remain.
	 */
	private static void resized(FindingCode code, String expected, Supplier<Seen> seen) {
		add(code, Kind.RESIZE,
				"A resize of `max-total` from 300 to 200 closes 40 idle connections; 40 are opened again.", expected,
				() -> seen.get()
					.changed(12, 300)
					.beside((route) -> route.inStep(13).leases(40, 0).closed(CloseReason.EVICTED, 40)));
	}

	// Limits

	private static void limits() {
		add(FindingCode.POOL_TOO_SMALL, Kind.RESIZE,
				"20 connections were too few; since a resize to 130 no more than 20 are leased.", "",
				() -> new Seen().route((route) -> route.resized(18, 20)
					.leased(20, 130)
					.leases(0, 12_000)
					.held(Duration.ofMillis(100))
					.waited(12_000, Duration.ofMillis(50), 490)));
		add(FindingCode.POOL_TOO_SMALL, Kind.RESIZE,
				"A resize from 130 to 20, which are too few: the advice is what these callers need.",
				"POOL_TOO_SMALL warning", "Set http-pool.max-per-route to 38, if",
				() -> new Seen().route((route) -> route.resized(12, 130)
					.leased(20, 20)
					.leases(0, 24_000)
					.held(Duration.ofMillis(100))
					.waited(24_000, Duration.ofMillis(50), 490)));
		add(FindingCode.POOL_TOO_SMALL, Kind.WORSE, "5 callers give up.", "POOL_TOO_SMALL critical",
				() -> LimitRulesTests.tooSmall().beside((route) -> route.acquireTimeouts(5)));
		add(FindingCode.POOL_TOO_SMALL, Kind.NEIGHBOUR, "Callers wait, because 15 responses were forgotten.",
				"LEAK_SUSPECTED critical", () -> forgotten(LimitRulesTests.tooSmall(), 15));
		add(FindingCode.POOL_TOO_SMALL, Kind.NEIGHBOUR,
				"Callers wait, because the process stands still for 4 s now and then.", "PAUSES warning",
				() -> LimitRulesTests.tooSmall().pauses((step) -> Duration.ofSeconds((step % 2 == 0) ? 4 : 0)));

		resized(FindingCode.POOL_TOO_LARGE, "POOL_TOO_LARGE info", LimitRulesTests::tooLarge);
		add(FindingCode.POOL_TOO_LARGE, Kind.WORSE, "100 surplus connections more.", "POOL_TOO_LARGE info",
				() -> LimitRulesTests.tooLarge().beside((route) -> route.idle(100)));
		add(FindingCode.POOL_TOO_LARGE, Kind.NEIGHBOUR, "Each half minute a burst needs all of them.", "",
				() -> LimitRulesTests.tooLarge().beside((route) -> route.inStep(6).leased(25, 50)));

		add(FindingCode.TOTAL_LIMIT_BINDS, Kind.RESIZE,
				"60 connections were too few; the limit has been 200 for a moment.", "",
				() -> LimitRulesTests.totalLimitBinds().total(60, 60, 200).changed(23, 60));
		add(FindingCode.TOTAL_LIMIT_BINDS, Kind.RESIZE,
				"A resize from 200 to 20 closes 180 connections, as they come back.", "",
				() -> new Seen().total(20, 200, 20)
					.changed(12, 200)
					.route((route) -> route.leased(10, 50).leases(180, 1020).closed(CloseReason.EVICTED, 180)));
		add(FindingCode.TOTAL_LIMIT_BINDS, Kind.WORSE, "5 callers give up.", "TOTAL_LIMIT_BINDS critical",
				() -> LimitRulesTests.totalLimitBinds().beside((route) -> route.acquireTimeouts(5)));
		add(FindingCode.TOTAL_LIMIT_BINDS, Kind.NEIGHBOUR,
				"The pool is full, and an operator closes all idle connections three times.", "",
				() -> new Seen().total(10, 20, 20)
					.evicted(3, 9, 15)
					.route((route) -> route.leased(10, 50).leases(500, 500).closed(CloseReason.EVICTED, 500)));

		add(FindingCode.SLOW_ROUTE, Kind.RESIZE, "The pool was full; since a resize to 200 it is not.", "",
				() -> LimitRulesTests.slowRoute().total(60, 60, 200).changed(23, 60));
		add(FindingCode.SLOW_ROUTE, Kind.WORSE, "5 callers of other routes give up.", "SLOW_ROUTE critical",
				() -> slowRouteInVain());
		add(FindingCode.SLOW_ROUTE, Kind.NEIGHBOUR, "No route is slower than the others.", "TOTAL_LIMIT_BINDS warning",
				LimitRulesTests::totalLimitBinds);

		add(FindingCode.CALLERS_REFUSED, Kind.RESIZE, "Callers were refused before a resize.", "",
				() -> LimitRulesTests.refused().changed(24, 150));
		add(FindingCode.CALLERS_REFUSED, Kind.WORSE, "Each second caller is refused.", "CALLERS_REFUSED critical",
				() -> LimitRulesTests.refused().beside((route) -> route.refused(500)));
		add(FindingCode.CALLERS_REFUSED, Kind.NEIGHBOUR, "They are refused, because 15 responses were forgotten.",
				"LEAK_SUSPECTED critical", () -> forgotten(LimitRulesTests.refused(), 15));

		resized(FindingCode.LEAK_SUSPECTED, "LEAK_SUSPECTED warning", LimitRulesTests::leak);
		add(FindingCode.LEAK_SUSPECTED, Kind.WORSE, "A quarter of the connections is held by forgotten responses.",
				"LEAK_SUSPECTED critical", () -> forgotten(LimitRulesTests.leak(), 13));
		add(FindingCode.LEAK_SUSPECTED, Kind.NEIGHBOUR,
				"No caller reads for a minute, in which the process stands still.", "PAUSES warning",
				() -> new Seen().steps(12)
					.pauses((step) -> Duration.ofSeconds((step == 7) ? 5 : 0))
					.route((route) -> route.leased(1, 50).leases(1, 0))
					.leases((step) -> List.of(new LeaseFigures(FORGOTTEN, "c1", true, 100))));
	}

	private static Seen slowRouteInVain() {
		return new Seen().total(60, 60, 60)
			.route(ROUTE, (route) -> route.leased(30, 50).leases(0, 1000).held(Duration.ofMillis(60)))
			.route(OTHER,
					(route) -> route.leased(20, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(20))
						.waited(700, Duration.ofMillis(100), 22)
						.acquireTimeouts(5));
	}

	private static Seen forgotten(Seen seen, int count) {
		return seen.leases((step) -> IntStream.range(0, count)
			.mapToObj((i) -> new LeaseFigures(FORGOTTEN, "c" + i, true, 100))
			.toList());
	}

	// Reuse

	private static void reuse() {
		resized(FindingCode.SERVER_CLOSES, "SERVER_CLOSES warning", ReuseRulesTests::serverCloses);
		add(FindingCode.SERVER_CLOSES, Kind.WORSE,
				"It closes 500 connections within a second, during normal traffic; callers open as many again.",
				"SERVER_CLOSES warning", "Check what the server did then",
				() -> good().beside((route) -> route.inStep(24)
					.leases(500, 500)
					.closed(CloseReason.STALE, 500)
					.serverClosedIdle(500, Duration.ofMillis(3))
					.stale(500, 20)));
		add(FindingCode.SERVER_CLOSES, Kind.WORSE, "The same, and it refuses connects for a moment.",
				"SERVER_CLOSES warning", "Check whether the server was restarted or deployed then",
				() -> good().beside((route) -> route.inStep(24)
					.leases(500, 500)
					.tcp(504, 4, Duration.ofMillis(1))
					.closed(CloseReason.STALE, 500)
					.serverClosedIdle(500, Duration.ofMillis(3))
					.stale(500, 20)));
		add(FindingCode.SERVER_CLOSES, Kind.NEIGHBOUR, "The requests of the application have `Connection: close`.",
				"LOW_REUSE warning", "This side asks for it, not the server", () -> new Seen()
					.route((route) -> route.leases(240, 0).closed(CloseReason.SERVER_CLOSE, 240).callerCloses(240)));
		add(FindingCode.SERVER_CLOSES, Kind.NEIGHBOUR, "`keep-alive` was `false` until a moment ago.", "",
				() -> ReuseRulesTests.serverCloses().refreshed(24, (settings) -> settings.keepAlive(false)));
		add(FindingCode.SERVER_CLOSES, Kind.NEIGHBOUR,
				"A server that is deployed three times closes 20 connections each time.", "",
				() -> restarts(5, 12, 19));

		resized(FindingCode.KEEP_ALIVE_MISMATCH, "KEEP_ALIVE_MISMATCH warning", ReuseRulesTests::keepAliveMismatch);
		add(FindingCode.KEEP_ALIVE_MISMATCH, Kind.WORSE,
				"It closes 500 connections that were idle for 5 s, again and again.", "KEEP_ALIVE_MISMATCH warning",
				() -> IntStream.of(4, 11, 18, 24)
					.boxed()
					.reduce(new Seen().route((route) -> route.leases(500, 0)),
							(seen, step) -> seen.beside((route) -> route.inStep(step)
								.leases(500, 0)
								.closed(CloseReason.STALE, 500)
								.serverClosedIdle(500, Duration.ofSeconds(5))
								.stale(500, 0)),
							(one, two) -> one));
		add(FindingCode.KEEP_ALIVE_MISMATCH, Kind.NEIGHBOUR,
				"Three restarts close what was idle for 9 s; others serve again after 40 s.", "",
				() -> restarts(5, 12, 19).beside((route) -> route.inStep(20).survivedIdle(Duration.ofSeconds(40))));

		resized(FindingCode.STALE_CONNECTIONS, "STALE_CONNECTIONS warning",
				() -> ReuseRulesTests.stale().beside((route) -> route.stale(10, 10)));
		add(FindingCode.STALE_CONNECTIONS, Kind.WORSE, "Each second connection ends after a response.",
				"SERVER_CLOSES warning",
				() -> new Seen().route((route) -> route.leases(500, 500)
					.closed(CloseReason.STALE, 500)
					.serverClosedIdle(500, Duration.ofMillis(120))
					.stale(500, 10)));
		add(FindingCode.STALE_CONNECTIONS, Kind.NEIGHBOUR,
				"The virtual machine was suspended for an hour, and servers closed 150 connections meanwhile.",
				"CLOCK_CHANGED info",
				() -> good().clockJumps((step) -> Duration.ofHours((step == 20) ? 1 : 0))
					.beside((route) -> route.inStep(20)
						.leases(75, 0)
						.closed(CloseReason.STALE, 75)
						.serverClosedIdle(75, Duration.ofSeconds(1))
						.stale(75, 5))
					.beside((route) -> route.inStep(21)
						.leases(75, 0)
						.closed(CloseReason.STALE, 75)
						.serverClosedIdle(75, Duration.ofSeconds(1))
						.stale(75, 5)));

		resized(FindingCode.UNSOLICITED_DATA, "UNSOLICITED_DATA warning", ReuseRulesTests::unsolicited);
		add(FindingCode.UNSOLICITED_DATA, Kind.WORSE, "On each second connection.", "UNSOLICITED_DATA warning",
				() -> ReuseRulesTests.unsolicited()
					.beside((route) -> route.leases(500, 500).closed(CloseReason.UNSOLICITED_DATA, 500)));
		add(FindingCode.UNSOLICITED_DATA, Kind.NEIGHBOUR, "A server that closes without sending more.",
				"SERVER_CLOSES warning", ReuseRulesTests::serverCloses);

		resized(FindingCode.UNREAD_BODIES, "UNREAD_BODIES warning", () -> ReuseRulesTests.unread()
			.beside((route) -> route.drained(DrainOutcome.TOO_LARGE, 20, "GET /export")));
		add(FindingCode.UNREAD_BODIES, Kind.WORSE, "All bodies are left unread, and no connection is reused.",
				"UNREAD_BODIES warning",
				() -> new Seen().route((route) -> route.leases(400, 0)
					.closed(CloseReason.DRAIN_BYTES, 400)
					.drained(DrainOutcome.TOO_LARGE, 400, "GET /export")));
		add(FindingCode.UNREAD_BODIES, Kind.NEIGHBOUR, "They were too large for a limit that was raised since.", "",
				() -> ReuseRulesTests.unread().refreshed(24, (settings) -> settings.drainMaxBytes(1024)));

		resized(FindingCode.LOW_REUSE, "", ReuseRulesTests::lowReuse);
		add(FindingCode.LOW_REUSE, Kind.WORSE, "Idle timeouts first, then resets.", "LOW_REUSE warning",
				"Check the exceptions of these calls",
				() -> new Seen().route((route) -> route.leases(400, 0)
					.closed(CloseReason.IDLE_TIMEOUT, 150)
					.closed(CloseReason.ERROR, 250)));
		add(FindingCode.LOW_REUSE, Kind.NEIGHBOUR,
				"An SSL bundle is reloaded every 30 s, and few calls come in between.", "",
				() -> new Seen().evicted(6, 12, 18)
					.route((route) -> route.leases(120, 80)
						.closed(CloseReason.EVICTED, 100)
						.closed(CloseReason.DRAIN_BYTES, 19)));
	}

	private static Seen good() {
		return new Seen().route((route) -> route.leases(0, 24_000).leased(500, 1000));
	}

	/** Restarts of a server, each of which closes 20 connections in one step. */
	private static Seen restarts(int... steps) {
		Seen seen = new Seen().route((route) -> route.leases(20, 480));
		for (int step : steps) {
			seen.beside((route) -> route.inStep(step)
				.leases(20, 0)
				.closed(CloseReason.STALE, 10)
				.closed(CloseReason.SERVER_CLOSE, 10)
				.serverClosedIdle(10, Duration.ofSeconds(9))
				.stale(3, 3));
		}
		return seen.beside((route) -> route.inStep(steps[0] + 1).survivedIdle(Duration.ofSeconds(40)));
	}

	// Openings

	private static void openings() {
		resized(FindingCode.SLOW_DNS, "SLOW_DNS warning", OpeningRulesTests::slowDns);
		add(FindingCode.SLOW_DNS, Kind.WORSE, "3 s on average.", "SLOW_DNS warning",
				() -> new Seen().route((route) -> route.leases(50, 1000).dns(50, 0, Duration.ofSeconds(3))));
		add(FindingCode.SLOW_DNS, Kind.NEIGHBOUR, "The process stands still for 150 ms again and again.", "",
				() -> OpeningRulesTests.slowDns().pauses((step) -> Duration.ofMillis(150)));

		resized(FindingCode.SLOW_CONNECTS, "SLOW_CONNECTS warning", OpeningRulesTests::slowConnects);
		add(FindingCode.SLOW_CONNECTS, Kind.WORSE, "Half of them fail.", "FAILING_CONNECTS critical",
				() -> new Seen().route((route) -> route.leases(24, 1000)
					.tcp(48, 24, Duration.ofSeconds(1))
					.connectFailed(24, "ConnectTimeoutException")));
		add(FindingCode.SLOW_CONNECTS, Kind.NEIGHBOUR, "The process stands still for 2 s again and again.",
				"PAUSES warning",
				() -> OpeningRulesTests.slowConnects().pauses((step) -> Duration.ofSeconds(step % 2 * 2)));

		resized(FindingCode.SLOW_TLS, "SLOW_TLS warning", OpeningRulesTests::slowTls);
		add(FindingCode.SLOW_TLS, Kind.WORSE, "None of the handshakes resumes a session.",
				"SLOW_TLS warning, NO_TLS_RESUMPTION info",
				() -> new Seen().route((route) -> route.leases(48, 1000).tls(48, 0, Duration.ofSeconds(1), 0)));
		add(FindingCode.SLOW_TLS, Kind.NEIGHBOUR, "An eviction, and 50 callers make handshakes at once.", "",
				() -> new Seen().evicted(10)
					.route((route) -> route.inStep(10).leases(50, 0).tls(50, 0, Duration.ofSeconds(1), 25)));

		resized(FindingCode.NO_TLS_RESUMPTION, "NO_TLS_RESUMPTION info", OpeningRulesTests::noResumption);
		add(FindingCode.NO_TLS_RESUMPTION, Kind.WORSE, "20 handshakes a second.", "NO_TLS_RESUMPTION info",
				() -> new Seen().route((route) -> route.leases(2400, 0).tls(2400, 0, Duration.ofMillis(20), 0)));
		add(FindingCode.NO_TLS_RESUMPTION, Kind.NEIGHBOUR,
				"An SSL bundle is reloaded every 10 s: there is no session to resume.", "",
				() -> new Seen().evicted(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)
					.route((route) -> route.leases(100, 1000).tls(100, 0, Duration.ofMillis(20), 0)));

		resized(FindingCode.FAILING_CONNECTS, "FAILING_CONNECTS critical",
				() -> OpeningRulesTests.failing().beside((route) -> route.connectFailed(10, "ConnectException")));
		add(FindingCode.FAILING_CONNECTS, Kind.WORSE, "All of them, so that callers wait and are refused.",
				"FAILING_CONNECTS critical",
				() -> new Seen().route((route) -> route.leased(50, 50)
					.tcp(500, 500, Duration.ofSeconds(2))
					.connectFailed(500, "ConnectTimeoutException")
					.waited(500, Duration.ofSeconds(3), 50)
					.acquireTimeouts(100)
					.refused(100)));
		add(FindingCode.FAILING_CONNECTS, Kind.NEIGHBOUR, "A server that restarts refuses 4 connects.", "",
				() -> new Seen().route((route) -> route.inStep(12)
					.leases(6, 0)
					.tcp(10, 4, Duration.ofMillis(1))
					.connectFailed(4, "HttpHostConnectException")));
		add(FindingCode.FAILING_CONNECTS, Kind.NEIGHBOUR, "This machine has no local port left.",
				"PORTS_RUNNING_OUT critical", "Reuse connections",
				() -> new Seen().ports(28_000, 28_000)
					.route((route) -> route.leases(60_000, 0)
						.tcp(70_000, 10_000, Duration.ofMillis(1))
						.connectFailed(10_000, "BindException")));
		add(FindingCode.FAILING_CONNECTS, Kind.NEIGHBOUR,
				"Handshakes failed until an SSL bundle was reloaded; since then none does.", "",
				() -> new Seen().evicted(20)
					.route((route) -> route.inTheFirst(19)
						.tls(50, 50, Duration.ofMillis(5), 0)
						.connectFailed(50, "SSLHandshakeException"))
					.beside((route) -> route.inStep(22).leases(5, 100).tls(5, 0, Duration.ofMillis(5), 0)));

		resized(FindingCode.PORTS_RUNNING_OUT, "PORTS_RUNNING_OUT warning", OpeningRulesTests::portsRunOut);
		add(FindingCode.PORTS_RUNNING_OUT, Kind.WORSE, "80 % of the ports are in use.", "PORTS_RUNNING_OUT critical",
				() -> OpeningRulesTests.portsRunOut().beside((route) -> route.leases(17_000, 0)));
		add(FindingCode.PORTS_RUNNING_OUT, Kind.NEIGHBOUR,
				"15,000 connections are opened once, after an operator closed as many.", "",
				() -> new Seen().ports(28_000, -1)
					.evicted(20)
					.route((route) -> route.inStep(20).leases(15_000, 0).closed(CloseReason.EVICTED, 15_000)));
	}

	// Machine

	private static void machine() {
		add(FindingCode.PAUSES, Kind.RESIZE, "A resize under way.", "PAUSES warning",
				() -> MachineRulesTests.pauses().changed(12, 300));
		add(FindingCode.PAUSES, Kind.WORSE,
				"30 s long, and calls that had piled up wait, give up and are refused after it.", "PAUSES warning",
				() -> new Seen().pauses((step) -> Duration.ofSeconds((step == 20) ? 30 : 0))
					.route((route) -> route.inTheLast(5)
						.inTheFirst(21)
						.leased(50, 50)
						.leases(100, 900)
						.held(Duration.ofSeconds(3))
						.waited(900, Duration.ofSeconds(3), 500)
						.acquireTimeouts(50)
						.refused(50)
						.tcp(120, 20, Duration.ofSeconds(2))
						.connectFailed(20, "ConnectTimeoutException")));
		add(FindingCode.PAUSES, Kind.NEIGHBOUR, "One pause of 2 s.", "",
				() -> new Seen().pauses((step) -> Duration.ofSeconds((step == 20) ? 2 : 0)));

		add(FindingCode.CLOCK_CHANGED, Kind.RESIZE, "A resize under way.", "CLOCK_CHANGED info",
				() -> MachineRulesTests.clockChanged().changed(12, 300));
		add(FindingCode.CLOCK_CHANGED, Kind.WORSE, "A day back, and ahead again.", "CLOCK_CHANGED info",
				() -> new Seen().clockJumps((step) -> Duration.ofDays((step == 5) ? -1 : (step == 6) ? 1 : 0)));
		add(FindingCode.CLOCK_CHANGED, Kind.NEIGHBOUR, "A leap second.", "",
				() -> new Seen().clockJumps((step) -> Duration.ofSeconds((step == 5) ? -1 : 0)));
	}

}
