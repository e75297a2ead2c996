package io.github.httppool.sample.lab;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A field report as an experiment: which calls both sides make, and what a visitor can
 * change.
 *
 * @param id the identifier in URLs
 * @param title the title
 * @param calls what the callers do
 * @param explanation why the sides differ
 * @param exchange what a caller does in one call
 * @param load how many calls there are, and when
 * @param answers how the upstream answers
 * @param settings properties of the pool that a visitor can change
 */
record Experiment(String id, String title, String calls, String explanation, Exchange exchange, Load load,
		Answers answers, List<Setting> settings) {

	/**
	 * Return the properties of the pool for a run.
	 * @param chosen the values that a visitor chose
	 * @return a value for each setting
	 * @throws IllegalArgumentException if there is no such property or value
	 */
	Map<String, String> properties(Map<String, String> chosen) {
		Map<String, String> properties = new HashMap<>();
		this.settings.forEach((setting) -> properties.put(setting.property(), setting.initial()));
		chosen.forEach((property, value) -> {
			Setting setting = this.settings.stream()
				.filter((candidate) -> candidate.property().equals(property))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("The experiment '" + this.id + "' has no property '"
						+ property + "'. Use one of " + this.settings.stream().map(Setting::property).toList() + "."));
			if (!setting.values().contains(value)) {
				throw new IllegalArgumentException("The value '" + value + "' of '" + property
						+ "' is not part of the experiment. Use one of " + setting.values() + ".");
			}
			properties.put(property, value);
		});
		return properties;
	}

}
