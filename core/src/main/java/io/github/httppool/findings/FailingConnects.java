package io.github.httppool.findings;

import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.Severity;

/**
 * Reports connections that could not be opened.
 */
final class FailingConnects implements RouteRule {

	/**
	 * Minimum number of failures; fewer may be a server restart.
	 */
	private static final int LEAST = 5;

	/**
	 * Minimum percentage of the attempts.
	 */
	private static final int SHARE = 10;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(route) || PortsRunningOut.isWhy(window, route)) {
			return;
		}
		Steps steps = steps(route);
		if (isOver(steps)) {
			return;
		}
		long failed = steps.sum(RouteChange::connectFailed);
		StringJoiner phases = new StringJoiner(", ");
		add(phases, steps.timing(RouteChange::dns), "lookups");
		add(phases, steps.timing(RouteChange::tcp), "TCP connects");
		add(phases, steps.timing(RouteChange::tls), "TLS handshakes");
		String message = "%s of %s connections could not be opened%s; the last failure: %s".formatted(
				Format.number(failed), Format.number(failed + steps.opened()),
				(phases.length() != 0) ? ", because these failed: " + phases : "",
				Objects.requireNonNullElse(route.connectFailure(), "unknown"));
		found.accept(new Finding(FindingCode.FAILING_CONNECTS, Severity.CRITICAL, route.route(), message,
				advice(window.settings(), route, steps)));
	}

	/**
	 * Return whether the problem is over, as after a server restart: calls continue, and
	 * no connect has failed for twice the longest gap between failures.
	 */
	private static boolean isOver(Steps steps) {
		int longest = 0;
		int quiet = 0;
		long leases = 0;
		boolean began = false;
		for (RouteChange step : steps.list()) {
			if (step.connectFailed() > 0) {
				longest = began ? Math.max(longest, quiet) : 0;
				began = true;
				quiet = 0;
				leases = 0;
			}
			else {
				quiet++;
				leases += step.leases();
			}
		}
		return quiet >= Steps.REPEATED && quiet > 2 * longest && leases >= LEAST;
	}

	private static void add(StringJoiner phases, Timing timing, String name) {
		if (timing.failures() != 0) {
			phases.add("%s of %s %s".formatted(Format.number(timing.failures()), Format.number(timing.count()), name));
		}
	}

	static boolean isTrueOf(RouteWindow route) {
		if (route.total().connectFailed() < LEAST) {
			return false;
		}
		Steps steps = steps(route);
		long failed = steps.sum(RouteChange::connectFailed);
		return failed >= LEAST && 100 * failed >= SHARE * (failed + steps.opened());
	}

	/**
	 * Return the relevant steps: none if timeouts were changed or an SSL bundle was
	 * reloaded and all connects have succeeded since, otherwise all.
	 */
	private static Steps steps(RouteWindow route) {
		for (Steps since : new Steps[] {
				route.since(HttpPoolSettings::connectTimeout, HttpPoolSettings::tlsHandshakeTimeout),
				route.sinceEviction() }) {
			if (since.opened() > 0 && since.sum(RouteChange::connectFailed) == 0) {
				return since;
			}
		}
		return route.steps().where(RouteChange::isCalm);
	}

	private static String advice(HttpPoolSettings settings, RouteWindow route, Steps steps) {
		long dns = steps.timing(RouteChange::dns).failures();
		Timing tcp = steps.timing(RouteChange::tcp);
		long tls = steps.timing(RouteChange::tls).failures();
		String last = Objects.requireNonNullElse(route.connectFailure(), "");
		if (last.equals("FilteredHostException")) {
			return "The application's own InetAddressFilter refuses the host: check the filter and the URL. DNS answered";
		}
		if (dns > tcp.failures() && dns > tls) {
			return "Check the name in the URL and the resolver; a lookup may take as long as http-pool.connect-timeout (%s)"
				.formatted(Format.value(settings.connectTimeout()));
		}
		if (tls > tcp.failures()) {
			return "%s; a handshake may take http-pool.tls-handshake-timeout (%s)".formatted(handshakes(last),
					Format.value(settings.tlsHandshakeTimeout()));
		}
		if (tcp.failures() == 0) {
			return "Check the exceptions of these calls: lookups, TCP connects and TLS handshakes succeeded, so that a proxy (http-pool.proxy.url) or the server ended what followed";
		}
		if (last.equals("BindException")) {
			return "Check the exceptions of these calls: this machine has no local port or address for these connections, and the server was not reached";
		}
		return "Check whether the server runs and can be reached from here; a connect may take http-pool.connect-timeout (%s), these took %s on average"
			.formatted(Format.value(settings.connectTimeout()), Format.time(tcp.mean()));
	}

	private static String handshakes(String last) {
		return switch (last) {
			case "SSLPeerUnverifiedException" ->
				"Check which host names the server's certificate is for: it is not for the one in the URL";
			case "ConnectTimeoutException" ->
				"Check the load of the server, and whether it speaks TLS on this port: handshakes do not end in time";
			case "SSLHandshakeException" ->
				"Check the certificates: what the server shows, and what the SSL bundle of this application trusts (spring.http.clients.ssl.bundle), or what else the exceptions of these calls say";
			default ->
				"Check the exceptions of these calls: the server may speak no TLS on this port, or end connections within the handshake";
		};
	}

}
