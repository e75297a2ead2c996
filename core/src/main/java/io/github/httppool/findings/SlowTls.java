package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports slow TLS handshakes.
 */
final class SlowTls implements RouteRule {

	/**
	 * Threshold for the average: two round trips around the Earth and the computation
	 * take less.
	 */
	private static final Slowness SLOW = new Slowness(Duration.ofMillis(500), RouteChange::tls);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!SLOW.isTrueOf(window, route)) {
			return;
		}
		Timing tls = SLOW.timing(route);
		String message = "%s TLS handshakes took %s on average, %s at most; %s of them resumed a session; a TCP connect takes %s"
			.formatted(Format.number(tls.count()), Format.time(tls.mean()), Format.time(tls.longest()),
					Format.number(SLOW.steps(route).sum(RouteChange::tlsResumed)),
					Format.time(SLOW.steps(route).timing(RouteChange::tcp).mean()));
		String advice = "Possible causes: the processors of the server or of this machine, no session cache (nginx ssl_session_cache), a slow network, or checks of certificates over it (OCSP, CRL; ssl_stapling). TLS 1.3 saves a round trip. http-pool.tls-handshake-timeout is %s"
			.formatted(Format.value(window.settings().tlsHandshakeTimeout()));
		found.accept(new Finding(FindingCode.SLOW_TLS, Severity.WARNING, route.route(), message, advice));
	}

}
