package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.Severity;

/**
 * Reports connections that turn out to be closed when they are leased, although they were
 * not idle for long.
 */
final class StaleConnections implements RouteRule {

	/**
	 * Minimum number of stale connections; fewer may be a server restart.
	 */
	private static final int LEAST = 10;

	/**
	 * Minimum percentage of the leases.
	 */
	private static final int SHARE = 1;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(route) || ServerCloses.isTrueOf(window, route) || KeepAliveMismatch.isTrueOf(window, route)) {
			return;
		}
		Steps steps = steps(route);
		long stale = steps.sum(RouteChange::staleLeased);
		long idle = route.closes().idleAllowed();
		String message = "%s connections had been closed by the server, without an announcement, when callers leased them: %s of %s leases%s; %s requests had to be sent again"
			.formatted(Format.number(stale), Format.share(stale, steps.leases()), Format.number(steps.leases()),
					(idle >= 0) ? ", after having been idle for " + Format.time(idle) : "",
					Format.number(steps.sum(RouteChange::replayed)));
		String checks = window.settings().validateAfterInactivity().isZero() ? ""
				: "http-pool.validate-after-inactivity=0 checks every connection, and ";
		String advice = "Check what ends the server's connections. Possible causes: its limit of requests per connection (nginx keepalive_requests, Tomcat server.tomcat.max-keep-alive-requests), restarts, or a load balancer. The server should announce a close with Connection: close. Until then %shttp-pool.retry-stale (%s) repeats what is safe"
			.formatted(checks, window.settings().retryStale());
		found.accept(new Finding(FindingCode.STALE_CONNECTIONS, Severity.WARNING, route.route(), message, advice));
	}

	static boolean isTrueOf(RouteWindow route) {
		if (route.total().staleLeased() < LEAST) {
			return false;
		}
		Steps steps = steps(route);
		long stale = steps.sum(RouteChange::staleLeased);
		return stale >= LEAST && 100 * stale >= SHARE * steps.leases()
				&& steps.isRepeated((step) -> step.staleLeased() > 0);
	}

	private static Steps steps(RouteWindow route) {
		return route.since(HttpPoolSettings::keepAlive, HttpPoolSettings::validateAfterInactivity)
			.where((step) -> !step.suspended());
	}

}
