package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.Objects;

import io.github.httppool.ProxyRefusedException;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.Socks5;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a proxy did not open a connection to a server. Never includes the proxy's
 * response body, which is untrusted text for browsers.
 */
public final class ProxyExplanation {

	private ProxyExplanation() {
	}

	/**
	 * Explains an unsuccessful response to {@code CONNECT}.
	 * @param loggedIn whether credentials were sent
	 */
	public static ProxyRefusedException connect(PoolView pool, LeaseView lease, int status, boolean loggedIn) {
		String proxy = Objects.requireNonNull(lease.routeStats().proxy());
		return new ProxyRefusedException(pool.name(), lease.route(), proxy, status, Explanation.of(pool,
				"The proxy %s answered CONNECT to %s with status %s (pool '%s'). The proxy is set by http-pool.proxy or by the client. %s",
				proxy, RouteStats.origin(lease.routeStats().httpRoute.getTargetHost()), status, pool.name(),
				advice(status, loggedIn)), null);
	}

	private static String advice(int status, boolean loggedIn) {
		return switch (status) {
			// tinyproxy sends 401.
			case HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED, HttpStatus.SC_UNAUTHORIZED -> loggedIn
					? "It does not accept the credentials: check http-pool.proxy.username and proxy.password, and which kind of login it asks for"
					: "It asks for a login, and the pool sent none: check http-pool.proxy.username and proxy.password, and whether it accepts Basic or Digest";
			case HttpStatus.SC_FORBIDDEN ->
				"If it is a proxy, its rules do not let this application reach that host and port: check its access lists, "
						+ "or reach the host directly by http-pool.proxy.non-proxy-hosts";
			case HttpStatus.SC_INTERNAL_SERVER_ERROR, HttpStatus.SC_BAD_GATEWAY, HttpStatus.SC_SERVICE_UNAVAILABLE,
					HttpStatus.SC_GATEWAY_TIMEOUT ->
				"It may not have reached the server, or be overloaded itself: check the log of the proxy, and the host and "
						+ "port of the call";
			default -> "It may not be a proxy, or not one that opens tunnels: check its address";
		};
	}

	/**
	 * Explains an unsuccessful SOCKS reply.
	 * @param tried the addresses of the proxy that were tried, for how long, and their
	 * replies
	 */
	static ProxyRefusedException socks(PoolView pool, RouteStats route, Socks5.Refusal refusal, String tried) {
		String advice = switch (refusal.reply) {
			case Socks5.NO_LOGIN -> "Check http-pool.proxy.username and proxy.password";
			case 2 -> "Check the proxy's rules, or reach the host directly by http-pool.proxy.non-proxy-hosts";
			case 7, 8 -> "Check what the proxy supports";
			default -> "Check the host and port of the call, and the log of the proxy";
		};
		String proxy = Objects.requireNonNull(route.proxy());
		return new ProxyRefusedException(pool.name(), route.name, proxy, refusal.reply,
				Explanation.of(pool,
						"The proxy %s opened no connection with %s (pool '%s'; http-pool.proxy). It answered: %s. %s",
						proxy, RouteStats.origin(route.httpRoute.getTargetHost()), pool.name(), tried, advice),
				refusal);
	}

	/**
	 * Explains that the response to {@code CONNECT} was not complete in time.
	 */
	public static ConnectTimeoutException slow(PoolView pool, LeaseView lease, Duration limit,
			@Nullable Throwable cause) {
		return Exceptions.causedBy(new ConnectTimeoutException(Explanation.of(pool,
				"The proxy %s did not end its answer to CONNECT to %s within %s (pool '%s'). The limit is http-pool.response-timeout, or the read timeout of its client%s",
				lease.routeStats().proxy(), RouteStats.origin(lease.routeStats().httpRoute.getTargetHost()),
				DurationFormat.format(limit), pool.name(), Explanation.stoodStill(pool, limit))), cause);
	}

}
