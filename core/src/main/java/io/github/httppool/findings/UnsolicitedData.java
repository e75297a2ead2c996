package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports bytes that the server sends without a request.
 */
final class UnsolicitedData implements RouteRule {

	/**
	 * Minimum number of connections; a single one may be a network fault.
	 */
	private static final int LEAST = 3;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(route)) {
			return;
		}
		String message = "The server sent bytes that no caller had asked for on %s connections, which were closed for that, in %s leases"
			.formatted(Format.number(route.total().closed(CloseReason.UNSOLICITED_DATA)),
					Format.number(route.total().leases()));
		String advice = "Check what the server sends. Possible causes: a body after HEAD, 204 or 304, more than its Content-Length, a second response, or a 408 to idle connections (HAProxy timeout http-keep-alive, Apache KeepAliveTimeout: an http-pool.idle-timeout below it helps). An attack can look like this, too (response smuggling)";
		found.accept(new Finding(FindingCode.UNSOLICITED_DATA, Severity.WARNING, route.route(), message, advice));
	}

	static boolean isTrueOf(RouteWindow route) {
		return route.total().closed(CloseReason.UNSOLICITED_DATA) >= LEAST;
	}

}
