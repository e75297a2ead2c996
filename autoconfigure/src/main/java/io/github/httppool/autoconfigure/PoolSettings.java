package io.github.httppool.autoconfigure;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.InvalidHttpPoolSettingsException;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.env.Environment;

/**
 * Makes settings of the properties of all pools. Mistakes are reported together, under
 * the names that were written: what a pool inherits is a mistake only once.
 */
final class PoolSettings {

	private static final Logger log = LoggerFactory.getLogger(PoolSettings.class);

	private final WrittenProperties written;

	private final Set<Problem> problems = new LinkedHashSet<>();

	private final Set<String> warnings = new LinkedHashSet<>();

	private PoolSettings(Environment environment) {
		this.written = new WrittenProperties(environment);
	}

	/**
	 * Make the settings, and log what has no effect.
	 * @param pools the properties of each pool, with those that it inherits
	 * @param environment where the properties were written
	 * @return the settings of each pool
	 * @throws InvalidHttpPoolSettingsException if values make no sense
	 */
	static Map<String, HttpPoolSettings> of(Map<String, ? extends PoolProperties> pools, Environment environment) {
		return new PoolSettings(environment).make(pools);
	}

	private Map<String, HttpPoolSettings> make(Map<String, ? extends PoolProperties> pools) {
		Map<String, HttpPoolSettings> made = new LinkedHashMap<>();
		pools.forEach((pool, properties) -> {
			SettingNames names = new SettingNames(pool, this.written);
			try {
				HttpPoolSettings settings = properties.toSettings();
				this.warnings.addAll(SettingsWithoutEffect.find(settings, names));
				made.put(pool, settings);
			}
			catch (InvalidHttpPoolSettingsException ex) {
				ex.getProblems().forEach((problem) -> this.problems.add(named(problem, names)));
			}
		});
		if (!this.problems.isEmpty()) {
			throw new InvalidHttpPoolSettingsException(List.copyOf(this.problems));
		}
		UnknownProperties.in(this.written).forEach(log::warn);
		this.warnings.forEach(log::warn);
		return made;
	}

	private static Problem named(Problem problem, SettingNames names) {
		return new Problem(names.nameOf(problem.setting()), problem.value(), problem.advice());
	}

}
