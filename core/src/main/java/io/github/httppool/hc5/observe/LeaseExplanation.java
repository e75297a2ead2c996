package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.time.Duration;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.hc5.net.DurationFormat;

/**
 * Explains why a caller got no connection.
 */
public final class LeaseExplanation {

	private LeaseExplanation() {
	}

	public static IOException timedOut(PoolView pool, RouteStats route, Duration timeout) {
		String message = Explanation.of(pool,
				"No connection from pool '%s' to %s within %s (http-pool.acquire-timeout)%s. %s", pool.name(),
				route.name, DurationFormat.format(timeout), Explanation.stoodStill(pool, timeout),
				statistics(pool, route));
		return new AcquireTimeoutException(pool.name(), route.name, message, null);
	}

	public static IOException rejected(PoolView pool, RouteStats route, int maxPending) {
		String message = Explanation.of(pool,
				"Refused a connection from pool '%s' to %s at once, because %s (http-pool.max-pending). %s",
				pool.name(), route.name,
				(maxPending == 0) ? "no caller may wait for one" : maxPending + " callers wait for one already",
				statistics(pool, route));
		return new AcquireRejectedException(pool.name(), route.name, message, null);
	}

	/**
	 * A connection may have become available since the caller gave up.
	 */
	private static String limitReached(RouteStats route, boolean routeFull, boolean poolFull) {
		if (routeFull) {
			return "The route was at its limit: %s. ".formatted(LimitsView.property(route));
		}
		return poolFull ? "The pool was at its limit: http-pool.max-total. "
				: "No limit is reached any more: either a connection has become free, or a limit was raised, at this moment. ";
	}

	private static String statistics(PoolView pool, RouteStats route) {
		int routeLeased = route.tally.leased();
		int routeMax = pool.limits().maxPerRoute(route);
		int leased = pool.tally().leased();
		int maxTotal = pool.limits().maxTotal();
		StringBuilder text = new StringBuilder(Explanation.counts(pool, route));
		text.append(limitReached(route, routeLeased >= routeMax, leased >= maxTotal));
		LeaseView longest = pool.longestLease();
		if (longest != null) {
			text.append("Longest-held lease: %s by thread '%s' for %s to %s.".formatted(
					DurationFormat.format(longest.heldFor()), longest.thread(), Explanation.call(longest),
					longest.route()));
		}
		return text.toString().strip();
	}

}
