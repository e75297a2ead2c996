package io.github.httppool.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

/**
 * Logs what somebody wrote below {@code http-pool} that has no effect.
 */
final class PropertyWarnings {

	private static final Logger log = LoggerFactory.getLogger(PropertyWarnings.class);

	private PropertyWarnings() {
	}

	/**
	 * Log each of them once, for all pools.
	 * @param pools the pools as they are configured
	 * @param environment what the properties are in
	 */
	static void log(List<ConfiguredPool> pools, Environment environment) {
		WrittenProperties written = new WrittenProperties(environment);
		Set<String> warnings = new LinkedHashSet<>(UnknownProperties.in(written));
		pools.forEach((pool) -> warnings
			.addAll(SettingsWithoutEffect.find(pool.settings(), new SettingNames(pool.name(), written))));
		warnings.forEach(log::warn);
	}

}
