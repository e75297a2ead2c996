package io.github.httppool.hc5;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

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

	static IOException slowLookup(ConnectionPool pool, Route route, String host, Duration timeout, Exception cause) {
		return Reworded.with(new ConnectTimeoutException(Explanation.of(pool,
				"No address of '%s' within %s, looked up for %s (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client)",
				host, Explanation.text(timeout), route.name, pool.name())), cause);
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
	 * Explain why no address could be connected to.
	 * @param timeout the limit for all addresses, or {@code null} for none
	 * @param addresses how many addresses there are
	 * @param attempts what was tried, at least once
	 */
	static IOException failed(ConnectionPool pool, Route route, @Nullable Duration timeout, int addresses,
			List<ConnectAttempt> attempts) {
		ConnectAttempt last = attempts.get(attempts.size() - 1);
		IOException exception = explained(pool, route, timeout, addresses, attempts, last);
		if (exception == last.failure()) {
			// It belongs to who made it, who may throw it again and again.
			return exception;
		}
		for (ConnectAttempt attempt : attempts) {
			if (attempt != last) {
				exception.addSuppressed(attempt.failure());
			}
		}
		return exception;
	}

	private static IOException explained(ConnectionPool pool, Route route, @Nullable Duration timeout, int addresses,
			List<ConnectAttempt> attempts, ConnectAttempt last) {
		IOException failure = last.failure();
		if (last.overdue) {
			return slowHandshake(pool, route, attempts, failure);
		}
		if (last.inHandshake) {
			return TlsExplanation.failed(pool, route, tried(route, attempts), failure);
		}
		if (failure instanceof Socks5.Refusal refusal) {
			return ProxyExplanation.socks(pool, route, refusal, tried(route, attempts));
		}
		if (failure instanceof BindException) {
			return PortsExplanation.noPort(pool, route, tried(route, attempts), LinuxPorts.ofThisMachine().get(),
					failure);
		}
		String count = count(attempts.size(), addresses);
		String tried = tried(route, attempts);
		if (failure instanceof ConnectTimeoutException) {
			return Reworded.of(failure, Explanation.of(pool,
					"No connection with %s%s, %s tried (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client): %s%s",
					route.name, (timeout != null) ? " within " + Explanation.text(timeout) : "", count, pool.name(),
					tried, (route.proxy() != null) ? NO_PROXY : UNANSWERED));
		}
		return Reworded.of(failure,
				Explanation.of(pool, "No connection with %s, %s tried (pool '%s'): %s%s", route.name, count,
						pool.name(), tried, (route.proxy() != null) ? NO_PROXY : advice(failure, last.why())));
	}

	private static IOException slowHandshake(ConnectionPool pool, Route route, List<ConnectAttempt> attempts,
			IOException failure) {
		Duration timeout = pool.settings().tlsHandshakeTimeout();
		return Reworded.with(new ConnectTimeoutException(Explanation.of(pool,
				"No TLS with %s within %s (pool '%s'; http-pool.tls-handshake-timeout): %s. The server accepted the connection, and does not end the handshake: look at its load, and whether it speaks TLS on this port",
				route.name, Explanation.text(timeout), pool.name(), tried(route, attempts))), failure);
	}

	private static String advice(IOException failure, String why) {
		if (failure instanceof NoRouteToHostException || why.toLowerCase(Locale.ROOT).contains("unreachable")) {
			return UNREACHABLE;
		}
		return (failure instanceof ConnectException) ? REFUSED : "";
	}

	private static String count(int tried, int addresses) {
		String all = addresses + ((addresses == 1) ? " address" : " addresses");
		return (tried < addresses) ? tried + " of " + all : all;
	}

	private static String tried(Route route, List<ConnectAttempt> attempts) {
		boolean withServer = route.socks != null && attempts.get(attempts.size() - 1).inHandshake;
		String prefix = (route.proxy() != null && attempts.get(0).address != null && !withServer) ? "of the proxy, "
				: "";
		StringJoiner tried = new StringJoiner(", ", prefix, "");
		for (ConnectAttempt attempt : attempts) {
			String time = Explanation.text(Duration.ofNanos(attempt.nanos()));
			tried.add((attempt.overdue || attempt.failure() instanceof SocketTimeoutException)
					? "%s timed out after %s".formatted(attempt.where(), time)
					: "%s failed after %s (%s)".formatted(attempt.where(), time, attempt.why()));
		}
		return tried.toString();
	}

}
