package io.github.httppool.findings;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Reports a low reuse ratio whose reason persists and is not explained by another rule.
 */
final class LowReuse implements RouteRule {

	/**
	 * Minimum number of leases.
	 */
	private static final int LEASES = 100;

	/**
	 * Minimum percentage of leases that open a connection.
	 */
	private static final int SHARE_OPENED = 20;

	/**
	 * Minimum percentage of leases that lose their connection for the main reason.
	 */
	private static final int SHARE_LOST = 10;

	/**
	 * Minimum rate of openings per second to report idle timeouts as the reason: bursts
	 * of traffic cause them, too.
	 */
	private static final double IDLE_RATE = 1;

	/**
	 * Intended closes. Connections that replace the closed ones do not count.
	 */
	private static final List<CloseReason> WANTED = List.of(CloseReason.TIME_TO_LIVE, CloseReason.SHUTDOWN,
			CloseReason.EVICTED);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!window.settings().keepAlive() || route.total().leases() < LEASES
				|| 100 * route.total().opened() < SHARE_OPENED * LEASES) {
			return;
		}
		CloseReason reason = mainReason(window, route);
		if (reason == null || isExplained(window, route, reason)) {
			return;
		}
		Steps steps = steps(route, reason);
		String message = "%s of %s leases had to open a connection (reuse ratio %s). Main reason why earlier connections were closed: %s, %s times"
			.formatted(Format.number(steps.opened()), Format.number(steps.leases()),
					Format.ratio(steps.leases() - steps.opened(), steps.leases()), reason.code(),
					Format.number(steps.sum(number(reason))));
		found.accept(new Finding(FindingCode.LOW_REUSE,
				(reason == CloseReason.IDLE_TIMEOUT) ? Severity.INFO : Severity.WARNING, route.route(), message,
				advice(window, steps, reason)));
	}

	private static @Nullable CloseReason mainReason(PoolWindow window, RouteWindow route) {
		return Stream.of(CloseReason.values())
			.filter((reason) -> number(reason).applyAsLong(route.total()) >= SHARE_LOST * LEASES / 100)
			.filter((reason) -> counts(window, route, reason) && isLow(route, reason))
			.map((reason) -> Map.entry(reason, steps(route, reason).sum(number(reason))))
			.max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
			.map(Map.Entry::getKey)
			.orElse(null);
	}

	private static boolean isLow(RouteWindow route, CloseReason reason) {
		Steps steps = steps(route, reason);
		ToLongFunction<RouteChange> number = number(reason);
		long wanted = WANTED.stream().mapToLong(steps::closed).sum()
				- steps.sum((step) -> step.loggedIn() + step.madeRoom());
		return steps.leases() >= LEASES && 100 * (steps.opened() - wanted) >= SHARE_OPENED * steps.leases()
				&& 100 * steps.sum(number) >= SHARE_LOST * steps.leases()
				&& steps.isRepeated((step) -> number.applyAsLong(step) > 0);
	}

	/**
	 * Return the number of closes for a reason. Evictions by an operator, a reload or a
	 * resize do not count.
	 */
	private static ToLongFunction<RouteChange> number(CloseReason reason) {
		return (reason == CloseReason.EVICTED) ? (step) -> step.loggedIn() + step.madeRoom()
				: (step) -> step.closed(reason);
	}

	/**
	 * Return the steps since the setting that the advice names was last changed.
	 */
	private static Steps steps(RouteWindow route, CloseReason reason) {
		return switch (reason) {
			case EVICTED, MAX_IDLE -> route.underLimits();
			case IDLE_TIMEOUT -> route.since(HttpPoolSettings::keepAlive, HttpPoolSettings::idleTimeout);
			case DRAIN_BYTES, DRAIN_TIME -> route.since(HttpPoolSettings::keepAlive, HttpPoolSettings::drainMaxBytes,
					HttpPoolSettings::drainMaxTime);
			default -> route.since(HttpPoolSettings::keepAlive);
		};
	}

	private static boolean counts(PoolWindow window, RouteWindow route, CloseReason reason) {
		return switch (reason) {
			case MAX_IDLE -> window.settings().maxIdlePerRoute() != 0;
			case IDLE_TIMEOUT -> {
				Steps steps = steps(route, reason);
				yield steps.opened() >= IDLE_RATE * steps.nanos() / 1e9;
			}
			case TIME_TO_LIVE, SHUTDOWN -> false;
			default -> true;
		};
	}

	/**
	 * Return whether another rule gives a better explanation.
	 */
	private static boolean isExplained(PoolWindow window, RouteWindow route, CloseReason reason) {
		return switch (reason) {
			case SERVER_CLOSE -> ServerCloses.isTrueOf(window, route);
			case DRAIN_BYTES, DRAIN_TIME -> UnreadBodies.isTrueOf(route);
			case STALE -> ServerCloses.isTrueOf(window, route) || KeepAliveMismatch.isTrueOf(window, route)
					|| StaleConnections.isTrueOf(route);
			case UNSOLICITED_DATA -> UnsolicitedData.isTrueOf(route);
			// TotalLimitBinds decides whether this is worth a change.
			case EVICTED ->
				steps(route, reason).sum(RouteChange::madeRoom) > steps(route, reason).sum(RouteChange::loggedIn);
			case LEAK -> route.leaked() > 0;
			case IDLE_TIMEOUT, MAX_IDLE, ERROR, CANCELLED, TIME_TO_LIVE, SHUTDOWN -> false;
		};
	}

	private static String advice(PoolWindow window, Steps steps, CloseReason reason) {
		return switch (reason) {
			case LEAK -> "Close the responses: http-pool.leak-detection-threshold shows which are not closed";
			case SERVER_CLOSE, STALE -> (2 * steps.sum(RouteChange::callerCloses) >= steps.sum(number(reason)))
					? "This side asks for it, not the server: check for Connection: close in the requests, a ConnectionReuseStrategy of a customizer, and the system property http.keepAlive"
					: "Check the server's limit of requests for one connection (nginx keepalive_requests, Tomcat server.tomcat.max-keep-alive-requests) and of idle time";
			case DRAIN_BYTES -> "Read the bodies, or raise http-pool.drain.max-bytes above %s"
				.formatted(Format.bytes(window.settings().drainMaxBytes()));
			case DRAIN_TIME -> "Read the bodies, or raise http-pool.drain.max-time above %s"
				.formatted(Format.value(window.settings().drainMaxTime()));
			case MAX_IDLE -> "Raise http-pool.max-idle-per-route, now %s, to http-pool.max-per-route, now %s"
				.formatted(window.now().limits().maxIdlePerRoute(), window.now().limits().maxPerRoute());
			case EVICTED ->
				"These connections were logged in for one caller (NTLM, Negotiate), so that no other caller may have them: a login with each request (Basic, Bearer) lets connections be shared. http-pool.max-total does not matter";
			case IDLE_TIMEOUT ->
				"Raise http-pool.idle-timeout, now %s, unless the server closes earlier itself (its Keep-Alive header shortens it)"
					.formatted(Format.value(window.settings().idleTimeout()));
			case CANCELLED ->
				"Check who gives up: interrupts, cancelled futures, and bodies that one thread closes while another reads them. Time limits of callers should be above http-pool.response-timeout (%s)"
					.formatted(Format.value(window.settings().responseTimeout()));
			case UNSOLICITED_DATA -> "Check the server: it sends bytes that no request has asked for";
			case ERROR, TIME_TO_LIVE, SHUTDOWN ->
				"Check the exceptions of these calls: resets, broken responses, and http-pool.response-timeout (%s) end a connection"
					.formatted(Format.value(window.settings().responseTimeout()));
		};
	}

}
