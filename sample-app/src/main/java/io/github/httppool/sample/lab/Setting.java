package io.github.httppool.sample.lab;

import java.util.List;

/**
 * A property of the pool that a visitor can change.
 *
 * @param property name of the property
 * @param values values to choose from, the initial one first
 */
record Setting(String property, List<String> values) {

	static Setting of(String property, String... values) {
		return new Setting(property, List.of(values));
	}

	String initial() {
		return this.values.get(0);
	}

}
