package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports a server that closes its connections after each response, announced or not, or
 * that closes very many at once.
 */
final class ServerCloses implements RouteRule {

	/**
	 * Minimum number of closes; fewer may be a server shutdown.
	 */
	private static final int LEAST = 10;

	/**
	 * Minimum percentage of the leases.
	 */
	private static final int SHARE = 50;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!window.settings().keepAlive() || isRare(route)) {
			return;
		}
		Closes closes = route.closes();
		if (afterEachResponse(closes)) {
			found.accept(afterEachResponse(window, route, closes));
			return;
		}
		ClosedAtOnce burst = ClosedAtOnce.of(closes);
		if (burst != null && !(KeepAliveMismatch.isTrueOf(window, closes) && burst.isSilent())) {
			found.accept(new Finding(FindingCode.SERVER_CLOSES, Severity.WARNING, route.route(), burst.message(),
					burst.advice(window)));
		}
	}

	private static Finding afterEachResponse(PoolWindow window, RouteWindow route, Closes closes) {
		Steps steps = closes.lasting();
		long announced = steps.sum(RouteChange::announcedCloses);
		long silent = closes.isAtOnce() ? steps.sum(RouteChange::serverClosedIdle) : 0;
		Timing tcp = steps.timing(RouteChange::tcp);
		Timing tls = steps.timing(RouteChange::tls);
		String message = "The server closed %s connections after %s responses, %s; %s connections a second were opened for that, %s each on average"
			.formatted(Format.number(announced + silent), Format.number(steps.leases()), Closes.how(announced, silent),
					Format.rate(steps.opened(), steps.nanos()), Format.time(tcp.mean() + tls.mean()));
		String advice = "Let the server keep its connections: nginx keepalive_timeout and keepalive_requests (in front of it proxy_http_version 1.1 and an empty Connection header), HAProxy without httpclose, Tomcat server.tomcat.keep-alive-timeout and server.tomcat.max-keep-alive-requests, Node server.keepAliveTimeout. A response of HTTP/1.0, or without a length, ends its connection, too. If the server must close: http-pool.keep-alive=false asks for it";
		return new Finding(FindingCode.SERVER_CLOSES, Severity.WARNING, route.route(), message, advice);
	}

	/**
	 * Return whether this rule explains the server's closes.
	 */
	static boolean isTrueOf(PoolWindow window, RouteWindow route) {
		if (isRare(route)) {
			return false;
		}
		Closes closes = route.closes();
		return window.settings().keepAlive() && (afterEachResponse(closes) || ClosedAtOnce.of(closes) != null);
	}

	private static boolean isRare(RouteWindow route) {
		return route.total().announcedCloses() + route.total().serverClosedIdle() < LEAST;
	}

	private static boolean afterEachResponse(Closes closes) {
		Steps steps = closes.lasting();
		long closed = steps.sum(closes::number);
		return closed >= LEAST && 100 * closed >= SHARE * steps.leases();
	}

}
