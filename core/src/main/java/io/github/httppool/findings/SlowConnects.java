package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports slow TCP connects.
 */
final class SlowConnects implements RouteRule {

	/**
	 * Threshold for the average: a round trip to the other side of the Earth takes less.
	 */
	private static final Slowness SLOW = new Slowness(Duration.ofMillis(300), RouteChange::tcp);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!SLOW.isTrueOf(window, route)) {
			return;
		}
		Timing tcp = SLOW.timing(route);
		String failed = (tcp.failures() == 0) ? "" : "; %s of them failed%s".formatted(Format.number(tcp.failures()),
				(route.total().connectFailed() == 0) ? ", and another address of the host served" : "");
		String message = "%s TCP connects took %s on average, %s at most%s".formatted(Format.number(tcp.count()),
				Format.time(tcp.mean()), Format.time(tcp.longest()), failed);
		String advice = (tcp.failures() != 0)
				? "Take the addresses that fail out of DNS. %s; http-pool.connect-timeout (%s) limits all of them together"
					.formatted(fallback(window.settings().connectFallbackDelay()),
							Format.value(window.settings().connectTimeout()))
				: "Check for lost packets: a full backlog of the server (net.core.somaxconn, nginx listen backlog), a firewall or a proxy can drop them, and a connect repeats its first packet after 1 s. http-pool.connect-timeout is %s"
					.formatted(Format.value(window.settings().connectTimeout()));
		found.accept(new Finding(FindingCode.SLOW_CONNECTS, Severity.WARNING, route.route(), message, advice));
	}

	private static String fallback(Duration delay) {
		return delay.isZero()
				? "http-pool.connect-fallback-delay is 0: each address is tried when the one before has failed, with half of the time that is left"
				: "While one does not answer, the next is tried after http-pool.connect-fallback-delay (%s)"
					.formatted(Format.value(delay));
	}

}
