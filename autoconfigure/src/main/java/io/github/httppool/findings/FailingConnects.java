package io.github.httppool.findings;

import java.util.Objects;
import java.util.StringJoiner;
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
		String message = "%s of %s connections could not be opened%s; last: %s".formatted(Text.number(failed),
				Text.number(failed + total.opened()), steps(total),
				Objects.requireNonNullElse(total.after().connectFailure(), "unknown"));
		found.accept(new Finding(FindingCode.FAILING_CONNECTS, Severity.CRITICAL, route.route(), message,
				advice(window, total)));
	}

	static boolean isTrueOf(RouteWindow route) {
		long failed = route.total().connectFailed();
		return failed >= LEAST && 100 * failed >= SHARE * (failed + route.total().opened());
	}

	/**
	 * Tell of the steps that were taken: those of a literal address, or without TLS, say
	 * nothing.
	 */
	private static String steps(RouteChange total) {
		StringJoiner steps = new StringJoiner(", ", ": ", "").setEmptyValue("");
		step(steps, total.dns(), "lookups");
		step(steps, total.tcp(), "TCP connects");
		step(steps, total.tls(), "TLS handshakes");
		return steps.toString();
	}

	private static void step(StringJoiner steps, Timing step, String name) {
		if (step.count() != 0) {
			steps.add("%s of %s %s failed".formatted(Text.number(step.failures()), Text.number(step.count()), name));
		}
	}

	private static String advice(PoolWindow window, RouteChange total) {
		long dns = total.dns().failures();
		long tcp = total.tcp().failures();
		long tls = total.tls().failures();
		String last = Objects.requireNonNullElse(total.after().connectFailure(), "");
		if (dns + tcp + tls == 0) {
			return last.startsWith("ProxyRefused")
					? "Check the proxy: it answers, and does not open connections with the server; the exceptions of these calls say what it answers"
					: "Look at the exceptions of these calls: neither lookups, TCP connects nor TLS handshakes fail";
		}
		if (dns > tcp && dns > tls) {
			return "Check the name in the URL and what resolves it; a lookup may take as long as http-pool.connect-timeout (%s)"
				.formatted(Text.value(window.settings().connectTimeout()));
		}
		if (tls > tcp) {
			return handshakes(window, last);
		}
		if (last.equals("BindException")) {
			return "Look at the exceptions of these calls: this machine has no local port or address for these connections; the server was not reached";
		}
		return "Check whether the server runs and can be reached from here; a connect may take http-pool.connect-timeout (%s), these took %s on average"
			.formatted(Text.value(window.settings().connectTimeout()), Text.time(total.tcp().mean()));
	}

	/** The last failure is that of an example, and the others may have other causes. */
	private static String handshakes(PoolWindow window, String last) {
		if (last.equals("ConnectTimeoutException")) {
			return "Check the load of the server, and whether it speaks TLS on this port; a handshake may take http-pool.tls-handshake-timeout (%s)"
				.formatted(Text.value(window.settings().tlsHandshakeTimeout()));
		}
		return (last.equals("SSLHandshakeException") || last.equals("SSLPeerUnverifiedException"))
				? "Look at the exceptions of these calls, which say why. Often it is a certificate: what the server shows, and what the SSL bundle of this application trusts (spring.http.clients.ssl.bundle)"
				: "Look at the exceptions of these calls, which say why: the server may not speak TLS on this port, or end the connection within the handshake";
	}

}
