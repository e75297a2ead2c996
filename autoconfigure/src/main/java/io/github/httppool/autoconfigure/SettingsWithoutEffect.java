package io.github.httppool.autoconfigure;

import io.github.httppool.HttpPoolSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which settings have no effect beside the others, and why. Silent about defaults:
 * nobody wrote them.
 */
final class SettingsWithoutEffect {

	private static final Logger log = LoggerFactory.getLogger(SettingsWithoutEffect.class);

	private static final HttpPoolSettings DEFAULTS = HttpPoolSettings.builder().build();

	private SettingsWithoutEffect() {
	}

	static void warn(HttpPoolSettings settings) {
		if (settings.maxPerRoute() > settings.maxTotal()) {
			warn("max-per-route", settings.maxPerRoute(), DEFAULTS.maxPerRoute(),
					"http-pool.max-total is lower (" + settings.maxTotal() + ")");
		}
		if (settings.maxIdlePerRoute() > settings.maxPerRoute()) {
			warn("max-idle-per-route", settings.maxIdlePerRoute(), settings.maxPerRoute(),
					"http-pool.max-per-route is lower (" + settings.maxPerRoute() + ")");
		}
		if (!settings.timeToLive().isZero() && settings.idleTimeout().compareTo(settings.timeToLive()) > 0) {
			warn("idle-timeout", settings.idleTimeout(), DEFAULTS.idleTimeout(),
					"http-pool.time-to-live is shorter (" + settings.timeToLive() + ")");
		}
		if (settings.validateAfterInactivity().compareTo(settings.idleTimeout()) >= 0) {
			warn("validate-after-inactivity", settings.validateAfterInactivity(), DEFAULTS.validateAfterInactivity(),
					"http-pool.idle-timeout is not longer (" + settings.idleTimeout() + ")");
		}
	}

	private static void warn(String setting, Object value, Object defaultValue, String why) {
		if (value.equals(defaultValue)) {
			return;
		}
		log.warn("http-pool.{} is {} and has no effect, because {}", setting, value, why);
	}

}
