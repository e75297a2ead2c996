package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.LocalPorts;
import org.jspecify.annotations.Nullable;

/**
 * Explains why the operating system has no local address or port for a connection. It
 * reports "Cannot assign requested address" in both cases.
 */
public final class PortsExplanation {

	/**
	 * Default size of the port range, for systems where it cannot be read.
	 */
	private static final int USUAL_RANGE = 16384;

	private PortsExplanation() {
	}

	static IOException noPort(PoolView pool, RouteStats route, String tried, LocalPorts ports, IOException failure) {
		// Totals only: there can be thousands of routes, and many calls fail at once.
		PoolSnapshot.Totals totals = pool.counters().totals();
		int opened = pool.openings().lastMinute(System.nanoTime());
		CloseReason main = main(totals.closed());
		return ExceptionCopies.withMessage(failure, Explanation.of(pool,
				"No local port for a connection with %s (pool '%s'): %s. %s. In the last minute the pool opened %s connections; since its start its reuse ratio is %s, %s. %s",
				route.name, pool.name(), tried, judgement(pool, opened, ports, main), opened,
				String.format(Locale.ROOT, "%.3f", totals.reuseRatio()), closes(totals.closed(), main),
				machine(ports)));
	}

	private static @Nullable CloseReason main(Map<CloseReason, Long> closed) {
		return closed.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse(null);
	}

	private static String closes(Map<CloseReason, Long> closed, @Nullable CloseReason main) {
		if (main == null) {
			return "and it closed none";
		}
		long all = closed.values().stream().mapToLong(Long::longValue).sum();
		return "and it closed %s, %s of them with the reason %s".formatted(all, closed.get(main), main.code());
	}

	private static String machine(LocalPorts ports) {
		return "This machine has %s local ports for each address of a server (net.ipv4.ip_local_port_range) and %s sockets in TIME_WAIT, which keep theirs for a minute"
			.formatted((ports.range() >= 0) ? ports.range() : "an unknown number of",
					(ports.timeWait() >= 0) ? ports.timeWait() : "an unknown number of");
	}

	/**
	 * Half of the port range counts as exhausted: sockets in {@code TIME_WAIT} are spread
	 * over several servers, but other processes use ports as well.
	 */
	public static String judgement(PoolView pool, int opened, LocalPorts ports, @Nullable CloseReason main) {
		int many = ((ports.range() >= 0) ? ports.range() : USUAL_RANGE) / 2;
		if (ConnectionCounts.sum(pool.tally().both()) >= many) {
			return "The pool itself has so many connections open at once: check http-pool.max-per-route and "
					+ "http-pool.max-total";
		}
		if (opened >= many && main != null) {
			return "The pool closes connections instead of reusing them: " + advice(main);
		}
		if (ports.timeWait() >= many) {
			return "Closed connections of this machine take the ports (TIME_WAIT), and most of them are not of this pool: "
					+ "'ss -tn state time-wait' lists them";
		}
		return "The pool does not use the ports up: either other sockets of this machine do, which 'ss -s' counts, or "
				+ "it has no local address from which to reach that one, as with IPv6 or a local address that a "
				+ "customizer sets";
	}

	private static String advice(CloseReason main) {
		return switch (main) {
			case SERVER_CLOSE -> "check the server's keep-alive, and http-pool.keep-alive";
			case STALE -> "check http-pool.idle-timeout, which must be below the server's";
			case DRAIN_BYTES -> "check http-pool.drain.max-bytes, or read the bodies";
			case DRAIN_TIME -> "check http-pool.drain.max-time, or read the bodies";
			case IDLE_TIMEOUT -> "check http-pool.idle-timeout";
			case TIME_TO_LIVE -> "check http-pool.time-to-live";
			case MAX_IDLE -> "check http-pool.max-idle-per-route";
			case EVICTED -> "check http-pool.max-total, for which other routes compete";
			case LEAK -> "check http-pool.leak-detection-threshold, which shows the callers that close no response";
			case UNSOLICITED_DATA -> "check the server, which sends bytes that no request asked for";
			case ERROR, CANCELLED, SHUTDOWN ->
				"check why calls fail, and http-pool.response-timeout and http-pool.call-timeout";
		};
	}

}
