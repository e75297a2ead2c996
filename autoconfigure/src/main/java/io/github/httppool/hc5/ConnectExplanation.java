package io.github.httppool.hc5;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be opened.
 */
final class ConnectExplanation {

	private static final String REFUSED = ". A refusal means that nothing listens there, or that a firewall answers: "
			+ "look at the server, and at host and port of the call; no property of the pool helps";

	private static final String NO_PROXY = ". Look at the proxy, and at what names it: http-pool.proxy, an environment "
			+ "variable or the code of the client";

	private static final String UNREACHABLE = ". There is no way from this machine to that address: look at its routes "
			+ "and firewalls, and for an address of IPv6 whether this machine has IPv6; no property of the pool helps";

	private static final String UNANSWERED = ". No answer means a firewall that drops packets, a machine that is down, "
			+ "or a server that accepts no further connection; a longer time helps only where the way is slow";

	private ConnectExplanation() {
	}

	static IOException slowLookup(ConnectionPool pool, Route route, String host, Duration timeout,
			TimeoutException cause) {
		return Reworded.with(new ConnectTimeoutException(Explanation.of(pool,
				"No address of '%s' within %s, looked up for %s (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client). %s. Look at the DNS of this machine, and at what resolves names for the pool",
				host, Explanation.text(timeout), route.name, pool.name(), cause.getMessage())), cause);
	}

	static IOException unknownHost(ConnectionPool pool, Route route, String host, long nanos,
			UnknownHostException cause) {
		return Reworded.of(cause,
				("No address of '%s', looked up for %s for %s (pool '%s'): %s. Look at the name in the call, and at the DNS "
						+ "of this machine; the JVM repeats the answer for 10s, unless networkaddress.cache.negative.ttl says "
						+ "otherwise")
					.formatted(host, route.name, Explanation.text(Duration.ofNanos(nanos)), pool.name(),
							Failures.words(cause)));
	}

	/**
	 * Explain why nothing was tried: HttpClient would take port 0 for the usual port of
	 * the scheme, and so call a server that the URI does not name.
	 */
	static IOException noPort(ConnectionPool pool, Route route) {
		return new HttpHostConnectException(
				"No connection with %s (pool '%s'): 0 is no port to connect to. Look at the port in the call"
					.formatted(route.name, pool.name()));
	}

	/**
	 * Explain the decisive failure. One that is due to who gave the call up needs no
	 * explanation of addresses.
	 */
	static IOException of(Lease lease, ConnectionPool pool, ConnectAttempts attempts) {
		ConnectAttempt decisive = attempts.decisive();
		return (lease.held().closeReason() != null && !decisive.overdue) ? decisive.failure()
				: failed(pool, lease.route, attempts);
	}

	/**
	 * Explain why no address could be connected to.
	 * @param attempts what was tried, at least one of which has failed
	 */
	private static IOException failed(ConnectionPool pool, Route route, ConnectAttempts attempts) {
		ConnectAttempt decisive = attempts.decisive();
		IOException exception = explained(pool, route, attempts, decisive);
		if (exception == decisive.failure()) {
			// It belongs to who made it, who may throw it again and again.
			return exception;
		}
		for (ConnectAttempt attempt : attempts.tried()) {
			if (attempt != decisive && attempt.hasFailed()) {
				exception.addSuppressed(attempt.failure());
			}
		}
		return exception;
	}

	private static IOException explained(ConnectionPool pool, Route route, ConnectAttempts attempts,
			ConnectAttempt decisive) {
		IOException failure = decisive.failure();
		String tried = tried(route, attempts, decisive);
		if (decisive.overdue) {
			return slowHandshake(pool, route, tried, failure);
		}
		if (decisive.inHandshake) {
			return TlsExplanation.failed(pool, route, tried, failure);
		}
		if (failure instanceof Socks5.Refusal refusal) {
			return ProxyExplanation.socks(pool, route, refusal, tried);
		}
		if (failure instanceof BindException) {
			return PortsExplanation.noPort(pool, route, tried, LinuxPorts.ofThisMachine().get(), failure);
		}
		if (failure instanceof ConnectTimeoutException) {
			Duration limit = attempts.limit();
			return Reworded.of(failure, Explanation.of(pool,
					"No connection with %s%s, %s tried (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client): %s%s",
					route.name, (limit != null) ? " within " + Explanation.text(limit) : "", attempts.count(),
					pool.name(), tried, (route.proxy() != null) ? NO_PROXY : UNANSWERED));
		}
		return Reworded.of(failure,
				Explanation.of(pool, "No connection with %s, %s tried (pool '%s'): %s%s", route.name, attempts.count(),
						pool.name(), tried, (route.proxy() != null) ? NO_PROXY : advice(failure, decisive.why())));
	}

	private static IOException slowHandshake(ConnectionPool pool, Route route, String tried, IOException failure) {
		Duration timeout = pool.settings().tlsHandshakeTimeout();
		return Reworded.with(new ConnectTimeoutException(Explanation.of(pool,
				"No TLS with %s within %s (pool '%s'; http-pool.tls-handshake-timeout): %s. The server accepted the connection, and does not end the handshake: look at its load, and whether it speaks TLS on this port%s",
				route.name, Explanation.text(timeout), pool.name(), tried, Explanation.stoodStill(pool, timeout))),
				failure);
	}

	private static String advice(IOException failure, String why) {
		if (failure instanceof NoRouteToHostException || why.toLowerCase(Locale.ROOT).contains("unreachable")) {
			return UNREACHABLE;
		}
		return (failure instanceof ConnectException) ? REFUSED : "";
	}

	private static String tried(Route route, ConnectAttempts attempts, ConnectAttempt decisive) {
		boolean withServer = route.socks != null && decisive.inHandshake;
		boolean withProxy = route.proxy() != null && decisive.address != null && !withServer;
		return (withProxy ? "of the proxy, " : "") + attempts.outcomes();
	}

}
