package io.github.httppool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values that make no sense, all of them at once.
 */
final class SettingsCheck {

	private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

	private final List<Problem> problems = new ArrayList<>();

	private final Map<RouteUri, Limit> limits = new HashMap<>();

	private SettingsCheck() {
	}

	static List<Problem> problemsOf(HttpPoolSettings settings) {
		SettingsCheck check = new SettingsCheck();
		check.limits(settings);
		check.times(settings);
		check.bodies(settings);
		check.routes(settings);
		check.warmUp(settings);
		check.problems.addAll(settings.proxy().problems());
		return check.problems;
	}

	private void limits(HttpPoolSettings settings) {
		atLeast(1, "max-total", settings.maxTotal());
		atLeast(1, "max-per-route", settings.maxPerRoute());
		if (settings.maxIdlePerRoute() != settings.maxPerRoute()) {
			// Otherwise it is what another property says.
			atLeast(0, "max-idle-per-route", settings.maxIdlePerRoute());
		}
		atLeast(-1, "max-pending", settings.maxPending());
	}

	private void times(HttpPoolSettings settings) {
		positive("acquire-timeout", settings.acquireTimeout());
		positive("connect-timeout", settings.connectTimeout());
		positive("tls-handshake-timeout", settings.tlsHandshakeTimeout());
		positive("response-timeout", settings.responseTimeout());
		positive("expect-continue-timeout", settings.expectContinueTimeout());
		positive("idle-timeout", settings.idleTimeout());
		if (settings.callTimeout() != null) {
			positive("call-timeout", settings.callTimeout());
		}
		notNegative("time-to-live", settings.timeToLive());
		notNegative("validate-after-inactivity", settings.validateAfterInactivity());
		if (settings.leakDetectionThreshold() != null) {
			positive("leak-detection-threshold", settings.leakDetectionThreshold());
		}
	}

	private void bodies(HttpPoolSettings settings) {
		atLeast(0, "drain.max-bytes", settings.drainMaxBytes());
		notNegative("drain.max-time", settings.drainMaxTime());
		atLeast(0, "max-error-body", settings.maxErrorBody());
		atLeast(0, "max-body", settings.maxBody());
	}

	private void routes(HttpPoolSettings settings) {
		for (RouteLimit route : settings.routes()) {
			String entry = entry("routes", route.name());
			RouteUri uri = uri(entry, route.uri());
			Integer max = atLeastOne(entry + ".max-connections", route.maxConnections());
			Limit other = (uri != null) ? this.limits.putIfAbsent(uri, new Limit(entry, max)) : null;
			if (other != null) {
				this.problems.add(new Problem(entry + ".uri", uri,
						"write another route, because '%s' limits this one".formatted(other.entry)));
			}
		}
	}

	private void warmUp(HttpPoolSettings settings) {
		Map<RouteUri, String> entries = new HashMap<>();
		long sum = 0;
		for (WarmUp warmUp : settings.warmUp()) {
			String entry = entry("warm-up", warmUp.name());
			RouteUri uri = uri(entry, warmUp.uri());
			Integer connections = atLeastOne(entry + ".connections", warmUp.connections());
			String other = (uri != null) ? entries.putIfAbsent(uri, entry) : null;
			if (other != null) {
				this.problems.add(new Problem(entry + ".uri", uri,
						"write another route, because '%s' opens connections of this one".formatted(other)));
			}
			else if (uri != null && connections != null) {
				sum += connections;
				noMoreThanAreKept(entry + ".connections", connections, uri, settings);
			}
		}
		if (sum > settings.maxTotal() && settings.maxTotal() >= 1) {
			this.problems.add(new Problem("warm-up", sum + " connections",
					"write no more together than max-total (%s) allows".formatted(settings.maxTotal())));
		}
	}

	private void noMoreThanAreKept(String setting, int connections, RouteUri uri, HttpPoolSettings settings) {
		Limit own = this.limits.get(uri);
		boolean limited = own != null && own.max != null;
		String property = limited ? own.entry + ".max-connections" : "max-per-route";
		int most = limited ? own.max : settings.maxPerRoute();
		// Unset it follows the limit of the route.
		if (settings.maxIdlePerRoute() != settings.maxPerRoute() && settings.maxIdlePerRoute() < most) {
			property = "max-idle-per-route";
			most = settings.maxIdlePerRoute();
		}
		if (connections > most && (limited || settings.maxPerRoute() >= 1)) {
			this.problems.add(new Problem(setting, connections,
					"write a number of at most %s, as %s allows".formatted(most, property)));
		}
	}

	private @Nullable RouteUri uri(String entry, @Nullable String uri) {
		RouteUri parsed = (uri != null) ? RouteUri.parse(uri) : null;
		if (parsed == null) {
			this.problems.add(new Problem(entry + ".uri", (uri != null) ? RouteUri.withoutSecrets(uri) : "",
					"write scheme, host and port of the route, such as 'https://orders.example' "
							+ "or 'http://10.1.2.3:8080'"));
		}
		return parsed;
	}

	/**
	 * Return a number that is required.
	 * @return the number, or {@code null} if it makes no sense
	 */
	private @Nullable Integer atLeastOne(String setting, @Nullable Integer number) {
		if (number == null || number < 1) {
			this.problems.add(new Problem(setting, (number != null) ? number : "", "write a number of at least 1"));
			return null;
		}
		return number;
	}

	private void atLeast(int least, String setting, long value) {
		if (value < least) {
			this.problems.add(new Problem(setting, value, "write a number of at least " + least));
		}
	}

	private void positive(String setting, Duration value) {
		if (value.compareTo(Duration.ofMillis(1)) < 0) {
			this.problems.add(new Problem(setting, value, "write a time of at least 1ms"));
		}
		notTooLong(setting, value);
	}

	private void notNegative(String setting, Duration value) {
		if (value.isNegative()) {
			this.problems.add(new Problem(setting, value, "write a time of at least 0"));
		}
		notTooLong(setting, value);
	}

	private void notTooLong(String setting, Duration value) {
		if (value.compareTo(LONGEST) > 0) {
			this.problems.add(new Problem(setting, value, "write a time of at most 24 days"));
		}
	}

	/**
	 * The name of a map's entry as in a properties file, where other characters than
	 * these need brackets.
	 */
	private static String entry(String map, String name) {
		return name.matches("[A-Za-z0-9_-]+") ? map + "." + name : map + "[" + name + "]";
	}

	/**
	 * What an entry says of a route.
	 */
	private record Limit(String entry, @Nullable Integer max) {

	}

}
