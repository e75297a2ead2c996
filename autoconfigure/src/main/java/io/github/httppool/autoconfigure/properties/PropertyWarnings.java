package io.github.httppool.autoconfigure.properties;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.httppool.findings.MessageLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

/**
 * Logs properties below {@code http-pool} that have no effect or are probably a mistake.
 */
public final class PropertyWarnings {

	private static final Logger log = LoggerFactory.getLogger(PropertyWarnings.class);

	private PropertyWarnings() {
	}

	public static void log(List<ConfiguredPool> pools, Environment environment) {
		log(pools, environment, true);
	}

	/**
	 * Log each warning once, for all pools.
	 * @param pools the pools as they are configured
	 * @param environment the environment with the properties
	 * @param pooled whether clients of the application's builders use the pool
	 */
	public static void log(List<ConfiguredPool> pools, Environment environment, boolean pooled) {
		WrittenProperties written = new WrittenProperties(environment);
		Set<String> warnings = new LinkedHashSet<>(UnknownProperties.in(written));
		warnings.addAll(PoolVariables.withoutEffect(pools, written));
		if (!pooled) {
			warnings.addAll(OtherFactory.withoutEffect(environment, written));
		}
		warnings.addAll(of(pools, environment));
		warnings.forEach(PropertyWarnings::log);
	}

	private static void log(String warning) {
		log.warn(MessageLines.of(warning));
	}

	/**
	 * Log only the warnings that result from a change of the properties.
	 * @param known the previous warnings
	 * @param pools the pools as they are configured now
	 * @param environment the environment with the properties
	 * @return the current warnings
	 */
	public static Set<String> logNew(Set<String> known, List<ConfiguredPool> pools, Environment environment) {
		Set<String> warnings = of(pools, environment);
		warnings.stream().filter((warning) -> !known.contains(warning)).forEach(PropertyWarnings::log);
		return warnings;
	}

	/**
	 * Return the warnings that depend on properties that can change.
	 */
	public static Set<String> of(List<ConfiguredPool> pools, Environment environment) {
		WrittenProperties written = new WrittenProperties(environment);
		Set<String> warnings = new LinkedHashSet<>();
		for (ConfiguredPool pool : pools) {
			SettingNames names = new SettingNames(pool.name(), written);
			warnings.addAll(ForgottenUnits.find(names));
			warnings.addAll(SettingsWithoutEffect.find(pool.settings(), names));
		}
		return warnings;
	}

}
