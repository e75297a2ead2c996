package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports callers that were rejected immediately because too many were waiting.
 */
final class CallersRefused implements RouteRule {

	/**
	 * Minimum number of refusals; fewer are a single burst.
	 */
	private static final int LEAST = 5;

	/**
	 * Minimum percentage of all acquires at which refusals are critical.
	 */
	private static final int OUTAGE = 1;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (route.total().refused() < LEAST) {
			return;
		}
		Steps steps = route.underLimits();
		long refused = steps.sum(RouteChange::refused);
		if (refused < LEAST || isEffect(window, route)) {
			return;
		}
		long attempts = refused + steps.leases();
		int maxPending = window.now().limits().maxPending();
		long ofPool = steps.where(RouteChange::isPoolFull).sum(RouteChange::refused);
		boolean poolFull = ofPool > refused / 2;
		int limit = poolFull ? window.now().limits().maxTotal() : route.now().max();
		String message = "%s of %s callers were refused at once, because %s (http-pool.max-pending). The limit of the %s, %s connections, was reached"
			.formatted(Format.number(refused), Format.number(attempts),
					(maxPending == 0) ? "no caller may wait" : Format.number(maxPending) + " others were waiting",
					poolFull ? "pool" : "route", limit);
		String property = poolFull ? "http-pool.max-total" : route.now().maxProperty();
		String advice = "Raise %s above %s, if the servers can handle it, or let the application make fewer calls at once; a higher http-pool.max-pending, now %s, lets more callers wait, up to http-pool.acquire-timeout (%s)"
			.formatted(property, limit, maxPending, Format.value(window.settings().acquireTimeout()));
		boolean outage = 100 * refused >= OUTAGE * attempts;
		found.accept(new Finding(FindingCode.CALLERS_REFUSED, outage ? Severity.CRITICAL : Severity.WARNING,
				route.route(), message, advice));
	}

	/**
	 * Return whether the refusals result from a problem other than a low limit.
	 */
	private static boolean isEffect(PoolWindow window, RouteWindow route) {
		return LeakSuspected.fills(window) || LeakSuspected.fills(route, route.now().max())
				|| FailingConnects.isTrueOf(route) || SlowRoute.of(window) != null;
	}

}
