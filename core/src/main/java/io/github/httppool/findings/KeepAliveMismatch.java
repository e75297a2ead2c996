package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports a server that repeatedly closes idle connections earlier than the pool would.
 * No connection was reused after a longer idle time.
 */
final class KeepAliveMismatch implements RouteRule {

	/**
	 * Minimum number of closes; fewer may be a server restart.
	 */
	private static final int LEAST = 5;

	/**
	 * Maximum delay until the pool detects a close. The pool checks idle connections
	 * every 3 s; one more second covers the network.
	 */
	private static final Duration LATE = Duration.ofSeconds(4);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isTrueOf(window, route)) {
			return;
		}
		Closes closes = route.closes();
		Duration allowed = Duration.ofNanos(closes.idleAllowed());
		long stale = closes.steps().sum(RouteChange::staleLeased);
		String message = "The server closed %s idle connections, the first ones after %s, earlier than the pool does (http-pool.idle-timeout is %s)%s"
			.formatted(Format.number(closes.steps().sum(RouteChange::serverClosedIdle)), Format.time(allowed.toNanos()),
					Format.value(window.settings().idleTimeout()),
					(stale != 0)
							? "; %s were about to be used, and %s requests had to be sent again".formatted(
									Format.number(stale), Format.number(closes.steps().sum(RouteChange::replayed)))
							: "");
		String advice = "Set http-pool.idle-timeout to %s, or the server's own limit above %s: nginx keepalive_timeout, Tomcat server.tomcat.keep-alive-timeout, Jetty server.jetty.connection-idle-timeout, Node server.keepAliveTimeout, or the idle timeout of the load balancer. A request that is sent while the server closes can fail"
			.formatted(Format.value(idleTimeout(allowed)), Format.value(window.settings().idleTimeout()));
		found.accept(new Finding(FindingCode.KEEP_ALIVE_MISMATCH, (stale != 0) ? Severity.WARNING : Severity.INFO,
				route.route(), message, advice));
	}

	static boolean isTrueOf(PoolWindow window, RouteWindow route) {
		return route.total().serverClosedIdle() >= LEAST && isTrueOf(window, route.closes());
	}

	/**
	 * Return whether the observations show a keep-alive mismatch. They describe the
	 * server, so it does not matter whether {@code idle-timeout} has changed since.
	 */
	static boolean isTrueOf(PoolWindow window, Closes closes) {
		long allowed = closes.idleAllowed();
		return window.settings().keepAlive() && allowed >= Closes.AT_ONCE.toNanos()
				&& allowed < window.settings().idleTimeout().toNanos() && closes.isLimit()
				&& closes.steps().sum(RouteChange::serverClosedIdle) >= LEAST
				&& closes.steps().isRepeated((step) -> step.serverClosedIdle() > 0);
	}

	private static Duration idleTimeout(Duration allowed) {
		Duration half = allowed.dividedBy(2);
		Duration timeout = half.compareTo(LATE) < 0 ? half : allowed.minus(LATE);
		return (timeout.toSeconds() > 0) ? Duration.ofSeconds(timeout.toSeconds())
				: Duration.ofMillis(timeout.toMillis() / 10 * 10);
	}

}
