package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports that TLS sessions are never resumed although resumption was possible.
 */
final class NoTlsResumption implements RouteRule {

	/**
	 * Minimum number of handshakes; fewer are too cheap to matter.
	 */
	private static final int LEAST = 20;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (route.total().tls().count() < LEAST) {
			return;
		}
		long handshakes = 0;
		long resumed = 0;
		int steps = 0;
		int earlierSteps = (route.total().before().connects().tls().count() > 0) ? Steps.REPEATED : 0;
		int evictions = window.first().evictions();
		for (RouteChange step : route.steps().where((change) -> change.tls().count() > 0).list()) {
			if (step.pool().evictions() != evictions) {
				// A new SSL bundle has no sessions to resume.
				earlierSteps = 0;
			}
			evictions = step.pool().evictions();
			// The first handshakes may all have begun before a session existed.
			if (earlierSteps++ >= Steps.REPEATED) {
				steps++;
				handshakes += step.tls().count() - step.tls().failures();
				resumed += step.tlsResumed();
			}
		}
		// Java resumes a TLS 1.3 session only once, so only one of several concurrent
		// handshakes can resume it.
		if (handshakes < LEAST || resumed > 0 || steps < Steps.REPEATED) {
			return;
		}
		String message = "None of %s TLS handshakes, after the first ones, resumed a session; they took %s on average"
			.formatted(Format.number(handshakes), Format.time(route.total().tls().mean()));
		String advice = "Let the server resume sessions, unless this application has switched that off: nginx ssl_session_cache shared:SSL:10m and ssl_session_tickets on, with the same ssl_session_ticket_key on all servers behind a load balancer. Fewer new connections need less of it: http-pool.idle-timeout (%s), http-pool.time-to-live (%s)"
			.formatted(Format.value(window.settings().idleTimeout()), Format.value(window.settings().timeToLive()));
		found.accept(new Finding(FindingCode.NO_TLS_RESUMPTION, Severity.INFO, route.route(), message, advice));
	}

}
