package io.github.httppool;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The values of a pool's settings. Each property has a field with the default and a line
 * in the table.
 */
final class SettingValues implements Cloneable {

	int maxTotal = 200;

	int maxPerRoute = 50;

	@Nullable Integer maxIdlePerRoute;

	int maxPending = 1000;

	Duration acquireTimeout = Duration.ofSeconds(3);

	Duration connectTimeout = Duration.ofSeconds(2);

	Duration connectFallbackDelay = Duration.ofMillis(250);

	Duration tlsHandshakeTimeout = Duration.ofSeconds(5);

	Duration responseTimeout = Duration.ofSeconds(30);

	@Nullable Duration callTimeout;

	Duration expectContinueTimeout = Duration.ofSeconds(1);

	boolean keepAlive = true;

	Duration idleTimeout = Duration.ofSeconds(50);

	Duration timeToLive = Duration.ofMinutes(5);

	Duration validateAfterInactivity = Duration.ofMillis(10);

	ReusePolicy reusePolicy = ReusePolicy.LIFO;

	long drainMaxBytes = 64 * 1024;

	Duration drainMaxTime = Duration.ofMillis(50);

	long maxErrorBody = 1024 * 1024;

	long maxBody;

	boolean compression = true;

	boolean retryStale = true;

	@Nullable Duration leakDetectionThreshold;

	ProxySettings proxy = ProxySettings.NONE;

	List<RouteLimit> routes = List.of();

	List<WarmUp> warmUp = List.of();

	String propertyPrefix = "http-pool.";

	int maxIdlePerRoute() {
		return (this.maxIdlePerRoute != null) ? this.maxIdlePerRoute : this.maxPerRoute;
	}

	/**
	 * List the settings in the order of the documentation: name of the property, value,
	 * and the smallest valid value.
	 */
	SettingsTable table() {
		SettingsTable table = new SettingsTable();
		table.number("max-total", this.maxTotal, 1);
		table.number("max-per-route", this.maxPerRoute, 1);
		if (this.maxIdlePerRoute != null) {
			table.number("max-idle-per-route", this.maxIdlePerRoute, 0);
		}
		else {
			table.value("max-idle-per-route", this.maxPerRoute);
		}
		table.number("max-pending", this.maxPending, -1);
		table.time("acquire-timeout", this.acquireTimeout, 1);
		table.time("connect-timeout", this.connectTimeout, 1);
		table.time("connect-fallback-delay", this.connectFallbackDelay, 0);
		table.time("tls-handshake-timeout", this.tlsHandshakeTimeout, 1);
		table.time("response-timeout", this.responseTimeout, 1);
		table.optionalTime("call-timeout", this.callTimeout, 1);
		table.time("expect-continue-timeout", this.expectContinueTimeout, 1);
		table.value("keep-alive", this.keepAlive);
		table.time("idle-timeout", this.idleTimeout, 1);
		table.time("time-to-live", this.timeToLive, 0);
		table.time("validate-after-inactivity", this.validateAfterInactivity, 0);
		table.value("reuse-policy", this.reusePolicy);
		table.size("drain.max-bytes", this.drainMaxBytes);
		table.time("drain.max-time", this.drainMaxTime, 0);
		table.size("max-error-body", this.maxErrorBody);
		table.size("max-body", this.maxBody);
		table.value("compression", this.compression);
		table.value("retry-stale", this.retryStale);
		table.optionalTime("leak-detection-threshold", this.leakDetectionThreshold, 1);
		table.proxy("proxy", this.proxy);
		table.routes("routes", this.routes);
		table.warmUp("warm-up", this.warmUp);
		return table;
	}

	SettingValues copy() {
		try {
			SettingValues copy = (SettingValues) clone();
			if (maxIdlePerRoute() == this.maxPerRoute) {
				// Follow max-per-route when the pool is resized.
				copy.maxIdlePerRoute = null;
			}
			return copy;
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
