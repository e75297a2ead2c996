package io.github.httppool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Finds all invalid values of settings.
 */
final class SettingsCheck {

	private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

	private final List<Problem> problems = new ArrayList<>();

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
		notNegative("connect-fallback-delay", settings.connectFallbackDelay());
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
		Map<RouteUri, String> entries = new HashMap<>();
		for (RouteLimit route : settings.routes()) {
			String entry = entry("routes", route.name());
			RouteUri uri = uri(entry, route.uri());
			atLeastOne(entry + ".max-connections", route.maxConnections());
			String other = (uri != null) ? entries.putIfAbsent(uri, entry) : null;
			if (other != null) {
				this.problems.add(new Problem(entry + ".uri", uri,
						"write another route, because '%s' limits this one".formatted(other)));
			}
		}
	}

	/** More than may be idle is no mistake: the warm-up says what it did not open. */
	private void warmUp(HttpPoolSettings settings) {
		Map<RouteUri, String> entries = new HashMap<>();
		for (WarmUp warmUp : settings.warmUp()) {
			String entry = entry("warm-up", warmUp.name());
			RouteUri uri = uri(entry, warmUp.uri());
			atLeastOne(entry + ".connections", warmUp.connections());
			String other = (uri != null) ? entries.putIfAbsent(uri, entry) : null;
			if (other != null) {
				this.problems.add(new Problem(entry + ".uri", uri,
						"write another route, because '%s' opens connections of this one".formatted(other)));
			}
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

	private void atLeastOne(String setting, @Nullable Integer number) {
		if (number == null || number < 1) {
			this.problems.add(new Problem(setting, (number != null) ? number : "", "write a number of at least 1"));
		}
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

}
