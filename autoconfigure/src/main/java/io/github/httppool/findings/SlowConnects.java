package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * TCP connects take long.
 */
final class SlowConnects implements RouteRule {

	/** On average; to the other side of the Earth and back takes less. */
	private static final Slowness SLOW = new Slowness(Duration.ofMillis(300), RouteChange::tcp);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!SLOW.isTrueOf(window, route)) {
			return;
		}
		Timing tcp = SLOW.timing(route);
		String failed = (tcp.failures() == 0) ? ""
				: "; %s of them failed, and another address of the host served".formatted(Text.number(tcp.failures()));
		String message = "%s TCP connects took %s on average, %s at most%s".formatted(Text.number(tcp.count()),
				Text.time(tcp.mean()), Text.time(tcp.longest()), failed);
		String advice = (tcp.failures() != 0)
				? "Take the addresses that do not answer out of DNS; http-pool.connect-timeout (%s) is shared among all of them"
					.formatted(Text.value(window.settings().connectTimeout()))
				: "Check for lost packets: a full backlog of the server (net.core.somaxconn, nginx listen backlog), a firewall, a proxy; a connect repeats its first packet after 1 s. http-pool.connect-timeout is %s"
					.formatted(Text.value(window.settings().connectTimeout()));
		found.accept(new Finding(FindingCode.SLOW_CONNECTS, Severity.WARNING, route.route(), message, advice));
	}

}
