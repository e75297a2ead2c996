package io.github.httppool.findings;

import java.util.Objects;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * Connections cannot be opened.
 */
final class FailingConnects implements RouteRule {

	/** Fewer can be a restart of the server. */
	private static final int LEAST = 5;

	/** In percent of the attempts. */
	private static final int SHARE = 10;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(route)) {
			return;
		}
		RouteChange total = route.total();
		long failed = total.connectFailed();
		String message = "%s of %s connections could not be opened: %s of the look-ups failed, %s of the TCP connects, %s of the TLS handshakes; last: %s"
			.formatted(Text.number(failed), Text.number(failed + total.opened()), failures(total.dns()),
					failures(total.tcp()), failures(total.tls()),
					Objects.requireNonNullElse(total.after().connectFailure(), "unknown"));
		found.accept(new Finding(FindingCode.FAILING_CONNECTS, Severity.CRITICAL, route.route(), message,
				advice(window, total)));
	}

	static boolean isTrueOf(RouteWindow route) {
		long failed = route.total().connectFailed();
		return failed >= LEAST && 100 * failed >= SHARE * (failed + route.total().opened());
	}

	private static String failures(Timing timing) {
		return Text.number(timing.failures()) + " of " + Text.number(timing.count());
	}

	private static String advice(PoolWindow window, RouteChange total) {
		long dns = total.dns().failures();
		long tcp = total.tcp().failures();
		long tls = total.tls().failures();
		if (dns > tcp && dns > tls) {
			return "Look at the name in the URL and at the resolver; a look-up may take as long as http-pool.connect-timeout (%s)"
				.formatted(Text.value(window.settings().connectTimeout()));
		}
		if (tls > tcp) {
			return "Look at the certificates: what the server shows, and what the SSL bundle of this application trusts (spring.http.clients.ssl.bundle); a handshake may take http-pool.tls-handshake-timeout (%s)"
				.formatted(Text.value(window.settings().tlsHandshakeTimeout()));
		}
		return "Look whether the server runs and can be reached from here; a connect may take http-pool.connect-timeout (%s), these took %s on average"
			.formatted(Text.value(window.settings().connectTimeout()), Text.time(total.tcp().mean()));
	}

}
