package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * The server closes its connections after each response, whether it says so or not.
 */
final class ServerCloses implements RouteRule {

	/** No server keeps idle connections for less on purpose. */
	static final Duration AT_ONCE = Duration.ofMillis(500);

	/** Fewer can be a server that is shut down. */
	private static final int LEAST = 10;

	/** In percent of the leases: more than every other response. */
	private static final int SHARE = 50;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(window, route)) {
			return;
		}
		long announced = route.closed(CloseReason.SERVER_CLOSE);
		long closed = closed(route);
		RouteChange total = route.total();
		String message = "The server closed %s connections after %s responses, %s; %s connections a second were opened for that, %s each on average"
			.formatted(Text.number(closed), Text.number(total.leases()),
					(announced >= closed / 2) ? "as its responses said" : "without a word in its responses",
					Text.rate(total.opened(), total.nanos()), Text.time(total.tcp().mean() + total.tls().mean()));
		String advice = "Let the server keep its connections: nginx keepalive_timeout and keepalive_requests (in front of it proxy_http_version 1.1 and an empty Connection header), HAProxy without httpclose, Tomcat server.tomcat.keep-alive-timeout and server.tomcat.max-keep-alive-requests, Node server.keepAliveTimeout. A response of HTTP/1.0, or without a length, ends its connection, too. If the server must close: http-pool.keep-alive=false asks for it";
		found.accept(new Finding(FindingCode.SERVER_CLOSES, Severity.WARNING, route.route(), message, advice));
	}

	static boolean isTrueOf(PoolWindow window, RouteWindow route) {
		long closed = closed(route);
		// As long as it did so, which may be over.
		long leases = route.sum(ServerCloses::closes, RouteChange::leases);
		return window.settings().keepAlive() && closed >= LEAST && 100 * closed >= SHARE * leases
				&& route.isRepeated(ServerCloses::closes);
	}

	private static boolean closes(RouteChange step) {
		return step.closed(CloseReason.SERVER_CLOSE) + step.serverClosedIdle() > 0;
	}

	private static long closed(RouteWindow route) {
		long announced = route.closed(CloseReason.SERVER_CLOSE);
		long idle = route.idleAllowed();
		boolean atOnce = idle >= 0 && idle < AT_ONCE.toNanos();
		return atOnce ? announced + route.total().serverClosedIdle() : announced;
	}

}
