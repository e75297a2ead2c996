package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * Reports slow DNS lookups.
 */
final class SlowDns implements RouteRule {

	/**
	 * Threshold for the average: a caching resolver answers in a few milliseconds.
	 */
	private static final Slowness SLOW = new Slowness(Duration.ofMillis(100), RouteChange::dns);

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!SLOW.isTrueOf(window, route)) {
			return;
		}
		Timing dns = SLOW.timing(route);
		String message = "%s lookups of the host's addresses took %s on average, %s at most; a call that opens a connection waits for that"
			.formatted(Format.number(dns.count()), Format.time(dns.mean()), Format.time(dns.longest()));
		String advice = "Use a resolver with a cache on the machine or node, and full names where the resolver's search list is long (Kubernetes: ndots); the JVM's networkaddress.cache.ttl remembers answers, and a longer http-pool.time-to-live, now %s, asks less often"
			.formatted(Format.value(window.settings().timeToLive()));
		found.accept(new Finding(FindingCode.SLOW_DNS, Severity.WARNING, route.route(), message, advice));
	}

}
