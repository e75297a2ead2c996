package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be opened.
 */
final class ConnectExplanation {

	private ConnectExplanation() {
	}

	static IOException slowLookup(ConnectionPool pool, Route route, String host, Duration timeout, Exception cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No address of '%s' within %s, looked up for %s (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client)"
					.formatted(host, Explanation.text(timeout), route.name, pool.name()));
		exception.initCause(cause);
		return exception;
	}

	static IOException slowConnect(ConnectionPool pool, Route route, @Nullable Duration timeout, int addresses,
			IOException cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No connection with %s within %s, %d address%s tried (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client): %s"
					.formatted(route.name, (timeout != null) ? Explanation.text(timeout) : "any time", addresses,
							(addresses == 1) ? "" : "es", pool.name(), cause.getMessage()));
		exception.initCause(cause);
		return exception;
	}

	static IOException slowHandshake(ConnectionPool pool, Route route, Duration timeout, Throwable cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No TLS with %s within %s (pool '%s'; http-pool.tls-handshake-timeout)".formatted(route.name,
						Explanation.text(timeout), pool.name()));
		exception.initCause(cause);
		return exception;
	}

}
