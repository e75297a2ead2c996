package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.Socks5;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;

/**
 * Why a connection could not be opened.
 */
public final class ConnectExplanation {

	private static final String NO_PROXY = ". The proxy could not be reached: check it, and where it is configured (http-pool.proxy, an "
			+ "environment variable or the code of the client)";

	private static final String SILENT_PROXY = ". The SOCKS proxy accepted the connection: it is slow, or the server "
			+ "does not answer it. Check both";

	private static final String REFUSED = ". Either nothing listens on that port, or a firewall rejects the connection: "
			+ "check the server, and host and port of the call; no property of the pool helps";

	private static final String NO_ROUTE = ". This machine has no route to that network: check its routes, and for an "
			+ "IPv6 address whether it has IPv6 at all; no property of the pool helps";

	private static final String NO_HOST = ". Either the host is down, or a router or firewall rejects the connection: "
			+ "check the server, and the routes to it; no property of the pool helps";

	private static final String UNANSWERED = ". Possible causes: a firewall that drops packets, a machine that is down, "
			+ "a server that accepts no further connections, or a slow network, the only case in which a longer time helps";

	private static final String FORBIDDEN = ". This machine itself does not allow the connection: check its firewall, "
			+ "its routing rules and the limits of the container; no property of the pool helps";

	private ConnectExplanation() {
	}

	public static IOException slowLookup(PoolView pool, RouteStats route, String host, Duration timeout,
			TimeoutException cause) {
		return Exceptions.causedBy(new ConnectTimeoutException(Explanation.of(pool,
				"No address of '%s' within %s (pool '%s'). It was looked up for %s. The limit is http-pool.connect-timeout, or the connect timeout of its client. %s. Check the DNS of this machine, or another resolver that the pool uses%s",
				host, DurationFormat.format(timeout), pool.name(), route.name, cause.getMessage(),
				Explanation.stoodStill(pool, timeout))), cause);
	}

	public static IOException unknownHost(PoolView pool, RouteStats route, String host, long nanos,
			UnknownHostException cause) {
		return ExceptionCopies.withMessage(cause,
				Explanation.of(pool,
						"No address of '%s' (pool '%s'). It was looked up for %s, and the answer came after %s: %s. %s",
						host, pool.name(), route.name, DurationFormat.format(Duration.ofNanos(nanos)),
						Exceptions.messageOrType(cause), HostAdvice.of(route, host, Exceptions.messageOrType(cause))));
	}

	/**
	 * Explains why no attempt was made. HttpClient would replace port 0 with the default
	 * port of the scheme and so call a server that the URI does not name.
	 */
	public static IOException noPort(PoolView pool, RouteStats route) {
		return new HttpHostConnectException(Explanation.of(pool,
				"No connection with %s (pool '%s'): 0 is no port to connect to. Check the port in the call", route.name,
				pool.name()));
	}

	/**
	 * Explains the decisive failure. If the caller gave up, the addresses need no
	 * explanation.
	 */
	public static IOException of(LeaseView lease, PoolView pool, ConnectAttempts attempts) {
		ConnectAttempt decisive = attempts.decisive();
		return (lease.held().closeReason() != null && !decisive.overdue) ? decisive.failure()
				: failed(pool, lease.routeStats(), attempts);
	}

	/**
	 * Explains why no address could be reached.
	 * @param attempts the attempts, at least one of which has failed
	 */
	public static IOException failed(PoolView pool, RouteStats route, ConnectAttempts attempts) {
		ConnectAttempt decisive = attempts.decisive();
		IOException exception = explained(pool, route, attempts, decisive);
		if (exception == decisive.failure()) {
			// The exception belongs to the code that created it and may be thrown
			// repeatedly, so it is not modified.
			return exception;
		}
		for (ConnectAttempt attempt : attempts.tried()) {
			if (attempt != decisive && attempt.hasFailed()) {
				exception.addSuppressed(attempt.failure());
			}
		}
		return exception;
	}

	private static IOException explained(PoolView pool, RouteStats route, ConnectAttempts attempts,
			ConnectAttempt decisive) {
		IOException failure = decisive.failure();
		String tried = tried(route, attempts, decisive);
		if (decisive.overdue) {
			return slowHandshake(pool, route, tried, failure);
		}
		if (decisive.inHandshake) {
			return TlsExplanation.failed(pool, route, tried, isWithProxy(route, decisive) ? "proxy" : "server",
					failure);
		}
		if (failure instanceof Socks5.Refusal refusal) {
			return ProxyExplanation.socks(pool, route, refusal, tried);
		}
		if (failure instanceof BindException && messageContains(decisive, "assign requested address")) {
			return PortsExplanation.noPort(pool, route, tried, LinuxPorts.ofThisMachine().get(), failure);
		}
		Duration limit = (failure instanceof ConnectTimeoutException) ? attempts.limit() : null;
		return ExceptionCopies.withMessage(failure,
				Explanation.of(pool, "No connection with %s%s, %s tried (pool '%s'): %s%s%s%s", route.name,
						(limit != null) ? " within " + DurationFormat.format(limit) : "", attempts.count(), pool.name(),
						tried,
						(failure instanceof ConnectTimeoutException)
								? ". The limit is http-pool.connect-timeout, or the connect timeout of its client" : "",
						advice(route, decisive), Explanation.stoodStill(pool, limit)));
	}

	private static IOException slowHandshake(PoolView pool, RouteStats route, String tried, IOException failure) {
		Duration timeout = pool.settings().tlsHandshakeTimeout();
		return Exceptions.causedBy(new ConnectTimeoutException(Explanation.of(pool,
				"No TLS with %s within %s (pool '%s'; http-pool.tls-handshake-timeout): %s. TCP is connected, but the handshake did not complete. Possible causes: a server under load, a port without TLS, or a slow check of the certificate in this application%s",
				route.name, DurationFormat.format(timeout), pool.name(), tried, Explanation.stoodStill(pool, timeout))),
				failure);
	}

	/**
	 * Only the message distinguishes the cases: a refused connection and a connect
	 * timeout of the kernel are both a {@link ConnectException}.
	 */
	private static String advice(RouteStats route, ConnectAttempt decisive) {
		if (route.proxy() != null) {
			return decisive.connected ? SILENT_PROXY : NO_PROXY;
		}
		IOException failure = decisive.failure();
		if (failure instanceof ConnectTimeoutException || messageContains(decisive, "timed out")) {
			return UNANSWERED;
		}
		if (messageContains(decisive, "not permitted") || messageContains(decisive, "ermission denied")) {
			return FORBIDDEN;
		}
		if (messageContains(decisive, "etwork is unreachable")) {
			return NO_ROUTE;
		}
		if (failure instanceof NoRouteToHostException || messageContains(decisive, "unreachable")) {
			return NO_HOST;
		}
		return messageContains(decisive, "refused") ? REFUSED : "";
	}

	private static boolean messageContains(ConnectAttempt attempt, String words) {
		return attempt.reason().contains(words);
	}

	private static String tried(RouteStats route, ConnectAttempts attempts, ConnectAttempt decisive) {
		return (isWithProxy(route, decisive) ? "of the proxy, " : "") + attempts.outcomes();
	}

	private static boolean isWithProxy(RouteStats route, ConnectAttempt decisive) {
		boolean withServer = route.socks != null && decisive.inHandshake;
		return route.proxy() != null && decisive.address != null && !withServer;
	}

}
