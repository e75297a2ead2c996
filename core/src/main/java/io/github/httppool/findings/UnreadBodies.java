package io.github.httppool.findings;

import java.util.Objects;
import java.util.function.Consumer;

import io.github.httppool.DrainOutcome;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.Severity;

/**
 * Reports bodies that callers leave unread and that are too large or too slow to be
 * drained.
 */
final class UnreadBodies implements RouteRule {

	/**
	 * Minimum number of unread bodies.
	 */
	private static final int LEAST = 20;

	/**
	 * Minimum percentage of the leases.
	 */
	private static final int SHARE = 5;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(route)) {
			return;
		}
		Steps steps = steps(route);
		long large = steps.sum((step) -> step.drained(DrainOutcome.TOO_LARGE));
		long slow = steps.sum((step) -> step.drained(DrainOutcome.TOO_SLOW));
		String maxBytes = Format.bytes(window.settings().drainMaxBytes());
		String maxTime = Format.value(window.settings().drainMaxTime());
		String message = "Callers left %s of %s bodies unread that were too large (%s, more than %s) or came too slowly (%s, longer than %s) to be read on close, and lost their connections; the last such call: %s"
			.formatted(Format.number(large + slow), Format.number(steps.leases()), Format.number(large), maxBytes,
					Format.number(slow), maxTime, Objects.requireNonNullElse(route.now().undrainedCall(), "unknown"));
		String property = (large >= slow)
				? "raise http-pool.drain.max-bytes above %s, to the length of these bodies, if reading them is cheaper than a new connection"
					.formatted(maxBytes)
				: "raise http-pool.drain.max-time above %s, if callers may wait longer for the rest".formatted(maxTime);
		String advice = "Read the body in that call, or ask for less (HEAD, a range, a filter); or " + property;
		found.accept(new Finding(FindingCode.UNREAD_BODIES, Severity.WARNING, route.route(), message, advice));
	}

	static boolean isTrueOf(RouteWindow route) {
		RouteChange total = route.total();
		if (total.drained(DrainOutcome.TOO_LARGE) + total.drained(DrainOutcome.TOO_SLOW) < LEAST) {
			return false;
		}
		Steps steps = steps(route);
		long unread = steps.sum((step) -> step.drained(DrainOutcome.TOO_LARGE) + step.drained(DrainOutcome.TOO_SLOW));
		return unread >= LEAST && 100 * unread >= SHARE * steps.leases();
	}

	private static Steps steps(RouteWindow route) {
		return route.since(HttpPoolSettings::drainMaxBytes, HttpPoolSettings::drainMaxTime);
	}

}
