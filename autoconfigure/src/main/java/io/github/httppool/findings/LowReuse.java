package io.github.httppool.findings;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;
import org.jspecify.annotations.Nullable;

/**
 * Connections are seldom reused, for a reason that no other rule explains.
 */
final class LowReuse implements RouteRule {

	/** Fewer leases say nothing. */
	private static final int LEASES = 100;

	/** In percent of the leases: so many open a connection. */
	private static final int SHARE_OPENED = 20;

	/** In percent of the leases: so many lose theirs for the main reason. */
	private static final int SHARE_LOST = 10;

	/**
	 * Openings in a second that are worth a change where connections end because nobody
	 * needs them for some time: bursts do that.
	 */
	private static final double IDLE_RATE = 1;

	/** A time to live was asked for, and a shutdown is no one's fault. */
	private static final List<CloseReason> WANTED = List.of(CloseReason.TIME_TO_LIVE, CloseReason.SHUTDOWN);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		RouteChange total = route.total();
		if (!window.settings().keepAlive() || total.leases() < LEASES
				|| 100 * total.opened() < SHARE_OPENED * total.leases()
				|| !route.isRepeated((step) -> step.opened() > 0)) {
			return;
		}
		CloseReason reason = mainReason(window, route);
		if (reason == null || isExplained(window, route, reason)) {
			return;
		}
		String message = "%s of %s leases had to open a connection (reuse ratio %s). Main reason why the connections before were closed: %s, %s times"
			.formatted(Text.number(total.opened()), Text.number(total.leases()),
					Text.ratio(total.leases() - total.opened(), total.leases()), reason.code(),
					Text.number(closed(route, reason)));
		found.accept(new Finding(FindingCode.LOW_REUSE,
				(reason == CloseReason.IDLE_TIMEOUT) ? Severity.INFO : Severity.WARNING, route.route(), message,
				advice(window, reason)));
	}

	private static @Nullable CloseReason mainReason(PoolWindow window, RouteWindow route) {
		return route.total()
			.after()
			.closed()
			.keySet()
			.stream()
			.filter((reason) -> counts(window, route, reason))
			.map((reason) -> Map.entry(reason, closed(route, reason)))
			.filter((closed) -> 100 * closed.getValue() >= SHARE_LOST * route.total().leases())
			.max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
			.map(Map.Entry::getKey)
			.orElse(null);
	}

	/** The advice names a setting that may have been changed since. */
	private static long closed(RouteWindow route, CloseReason reason) {
		RouteChange change = switch (reason) {
			case EVICTED -> route.underLimits();
			case MAX_IDLE, IDLE_TIMEOUT, DRAIN_BYTES, DRAIN_TIME -> route.underSettings();
			default -> route.total();
		};
		return change.closed(reason);
	}

	private static boolean counts(PoolWindow window, RouteWindow route, CloseReason reason) {
		if (reason == CloseReason.MAX_IDLE) {
			return window.settings().maxIdlePerRoute() != 0;
		}
		if (reason == CloseReason.IDLE_TIMEOUT) {
			return route.total().opened() >= IDLE_RATE * window.nanos() / 1e9;
		}
		return !WANTED.contains(reason);
	}

	/**
	 * Say whether another rule tells more about it.
	 */
	private static boolean isExplained(PoolWindow window, RouteWindow route, CloseReason reason) {
		return switch (reason) {
			case SERVER_CLOSE -> ServerCloses.isTrueOf(window, route);
			case DRAIN_BYTES, DRAIN_TIME -> UnreadBodies.isTrueOf(route);
			case STALE -> ServerCloses.isTrueOf(window, route) || KeepAliveMismatch.isTrueOf(window, route)
					|| StaleConnections.isTrueOf(route);
			case UNSOLICITED_DATA -> UnsolicitedData.isTrueOf(route);
			// Whether that is worth a change is for the other rule to say.
			case EVICTED -> TotalLimitBinds.evicted(window) > 0;
			case LEAK -> route.leaked() > 0;
			case IDLE_TIMEOUT, MAX_IDLE, ERROR, CANCELLED, TIME_TO_LIVE, SHUTDOWN -> false;
		};
	}

	private static String advice(PoolWindow window, CloseReason reason) {
		return switch (reason) {
			case SERVER_CLOSE, STALE ->
				"Look at the server's limit of requests for one connection (nginx keepalive_requests, Tomcat server.tomcat.max-keep-alive-requests) and of idle time";
			case LEAK -> "Close the responses: http-pool.leak-detection-threshold shows who does not";
			case DRAIN_BYTES -> "Read the bodies, or raise http-pool.drain.max-bytes above %s"
				.formatted(Text.bytes(window.settings().drainMaxBytes()));
			case DRAIN_TIME -> "Read the bodies, or raise http-pool.drain.max-time above %s"
				.formatted(Text.value(window.settings().drainMaxTime()));
			case MAX_IDLE -> "Raise http-pool.max-idle-per-route, now %s, to http-pool.max-per-route, now %s"
				.formatted(window.now().limits().maxIdlePerRoute(), window.now().limits().maxPerRoute());
			case EVICTED ->
				"Raise http-pool.max-total, now %s; a logged-in connection (NTLM, Negotiate) and one of before DELETE on the endpoint, or before an SSL bundle was reloaded, are closed, too"
					.formatted(window.now().limits().maxTotal());
			case IDLE_TIMEOUT ->
				"Raise http-pool.idle-timeout, now %s, unless the server closes earlier itself (its Keep-Alive header shortens it)"
					.formatted(Text.value(window.settings().idleTimeout()));
			case CANCELLED ->
				"Look at who gives up: interrupts, cancelled futures, and bodies that one thread closes while another reads them. Time limits of callers should be above http-pool.response-timeout (%s)"
					.formatted(Text.value(window.settings().responseTimeout()));
			case UNSOLICITED_DATA -> "Check the server: it sends bytes that no request has asked for";
			case ERROR, TIME_TO_LIVE, SHUTDOWN ->
				"Look at the exceptions of these calls: resets, broken responses, and http-pool.response-timeout (%s) end a connection"
					.formatted(Text.value(window.settings().responseTimeout()));
		};
	}

}
