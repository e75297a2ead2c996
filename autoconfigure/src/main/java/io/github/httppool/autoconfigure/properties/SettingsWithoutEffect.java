package io.github.httppool.autoconfigure.properties;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ProxySettings;
import io.github.httppool.RouteLimit;

import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.unit.DataSize;

/**
 * Finds settings that other settings of the pool make ineffective, and explains why.
 * Ignores defaults and inherited values.
 */
final class SettingsWithoutEffect {

	/**
	 * Settings that affect only kept connections.
	 */
	private static final List<String> OF_KEPT_CONNECTIONS = List.of("max-idle-per-route", "idle-timeout",
			"time-to-live", "validate-after-inactivity", "reuse-policy", "drain.max-bytes", "drain.max-time",
			"retry-stale");

	private static final List<String> SECRET = List.of("proxy.username", "proxy.password");

	private final HttpPoolSettings settings;

	private final SettingNames names;

	private final List<String> found = new ArrayList<>();

	private SettingsWithoutEffect(HttpPoolSettings settings, SettingNames names) {
		this.settings = settings;
		this.names = names;
	}

	/**
	 * Find such settings.
	 * @return one sentence per setting
	 */
	static List<String> find(HttpPoolSettings settings, SettingNames names) {
		SettingsWithoutEffect search = new SettingsWithoutEffect(settings, names);
		search.limits();
		search.waits();
		search.connects();
		search.callTimeout();
		if (settings.keepAlive()) {
			search.keptConnections();
			search.drain();
		}
		else {
			OF_KEPT_CONNECTIONS.forEach((setting) -> search.add(setting, "no effect", "keep-alive", "is false"));
		}
		search.bodies();
		search.proxy();
		search.springBoot();
		return search.found;
	}

	private void limits() {
		int maxTotal = this.settings.maxTotal();
		int maxPerRoute = this.settings.maxPerRoute();
		int highest = Math.min(maxPerRoute, maxTotal);
		above("max-per-route", maxPerRoute, "max-total", maxTotal);
		for (RouteLimit route : this.settings.routes()) {
			int limit = route.maxConnections();
			highest = Math.max(highest, Math.min(limit, maxTotal));
			above(SettingNames.entry("routes", route.name()) + ".max-connections", limit, "max-total", maxTotal);
		}
		if (this.settings.maxIdlePerRoute() > highest) {
			above("max-idle-per-route", this.settings.maxIdlePerRoute(),
					(highest == maxTotal) ? "max-total" : "max-per-route", highest);
		}
	}

	private void waits() {
		if (this.settings.maxPending() == 0) {
			add("acquire-timeout", "no effect", "max-pending", "is 0: no caller waits");
		}
	}

	private void connects() {
		longer("connect-fallback-delay", this.settings.connectFallbackDelay(), "connect-timeout",
				this.settings.connectTimeout());
	}

	private void callTimeout() {
		Duration limit = this.settings.callTimeout();
		if (limit != null) {
			longer("acquire-timeout", this.settings.acquireTimeout(), "call-timeout", limit);
			longer("connect-timeout", this.settings.connectTimeout(), "call-timeout", limit);
			longer("tls-handshake-timeout", this.settings.tlsHandshakeTimeout(), "call-timeout", limit);
			longer("response-timeout", this.settings.responseTimeout(), "call-timeout", limit);
			longer("expect-continue-timeout", this.settings.expectContinueTimeout(), "call-timeout", limit);
			// Do not report leak-detection-threshold: the end of a call closes its
			// connection, but the lease lasts until the response is closed.
		}
	}

	private void keptConnections() {
		Duration idle = this.settings.idleTimeout();
		if (!this.settings.timeToLive().isZero()) {
			longer("idle-timeout", idle, "time-to-live", this.settings.timeToLive());
		}
		if (this.settings.validateAfterInactivity().compareTo(idle) >= 0) {
			add("validate-after-inactivity", "no effect", "idle-timeout", "is not longer (" + text(idle) + ")");
		}
	}

	private void drain() {
		if (this.settings.drainMaxBytes() == 0) {
			add("drain.max-time", "next to no effect", "drain.max-bytes", "is 0: at most the end of a body is read");
		}
		if (this.settings.drainMaxTime().compareTo(this.settings.responseTimeout()) > 0) {
			add("drain.max-time", "no effect where the server falls silent", "response-timeout",
					"is shorter (" + text(this.settings.responseTimeout()) + ")");
		}
	}

	private void bodies() {
		long any = this.settings.maxBody();
		if (any > 0 && (this.settings.maxErrorBody() > any || this.settings.maxErrorBody() == 0)) {
			add("max-error-body", "no effect", "max-body", "is lower (" + text(any) + ")");
		}
	}

	private void proxy() {
		ProxySettings proxy = this.settings.proxy();
		boolean set = proxy.url() != null && !proxy.url().isBlank();
		if (set && proxy.fromEnvironment()) {
			add("proxy.from-environment", "no effect", "proxy.url", "is set");
		}
		if (!set && !proxy.fromEnvironment() && !proxy.nonProxyHosts().isEmpty()) {
			add("proxy.non-proxy-hosts", "no effect", "proxy.url", "is not set");
		}
		if (!set && proxy.username() != null) {
			add("proxy.username", "no effect", "proxy.url", "is not set");
		}
		if (!set && proxy.password() != null) {
			add("proxy.password", "no effect", "proxy.url", "is not set");
		}
	}

	/**
	 * Check properties of Spring Boot. Further pools are not checked, because their own
	 * properties take precedence.
	 */
	private void springBoot() {
		if (this.names.areThoseOfTheDefaultPool()) {
			overruled("connect-timeout", "spring.http.clients.connect-timeout");
			overruled("response-timeout", "spring.http.clients.read-timeout");
		}
	}

	private void overruled(String setting, String stronger) {
		if (this.names.written().contains(stronger)) {
			add(setting, "no effect on Spring's clients", stronger + " is stronger");
		}
	}

	private void above(String setting, int value, String other, int limit) {
		if (value > limit) {
			add(setting, "no effect", other, "is lower (" + limit + ")");
		}
	}

	private void longer(String setting, Duration value, String other, Duration limit) {
		if (value.compareTo(limit) > 0) {
			add(setting, "no effect", other, "is shorter (" + text(limit) + ")");
		}
	}

	private void add(String setting, String effect, String other, String why) {
		add(setting, effect, "http-pool." + this.names.nameOf(other) + " " + why);
	}

	private void add(String setting, String effect, String why) {
		if (this.names.isWritten(setting)) {
			String value = SECRET.contains(setting) ? null : this.names.valueOf(setting);
			this.found.add("http-pool.%s%s has %s, because %s".formatted(this.names.nameOf(setting),
					(value != null) ? " is " + value + " and" : "", effect, why));
		}
	}

	private static String text(Duration time) {
		return DurationFormatterUtils.print(time, Style.COMPOSITE);
	}

	private static String text(long bytes) {
		DataSize size = DataSize.ofBytes(bytes);
		if (bytes % 1024 != 0) {
			return bytes + "B";
		}
		return (size.toKilobytes() % 1024 != 0) ? size.toKilobytes() + "KB" : size.toMegabytes() + "MB";
	}

}
