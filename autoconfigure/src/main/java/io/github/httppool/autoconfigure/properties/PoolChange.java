package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a pool that have changed.
 *
 * @param before the pool before the change
 * @param after the pool after the change
 * @param shared the change of the pool from which it inherits, or {@code null}
 */
public record PoolChange(ConfiguredPool before, ConfiguredPool after, @Nullable PoolChange shared) {

	public boolean isOfSettings() {
		return !this.after.settings().equals(this.before.settings());
	}

	/**
	 * Return the changed properties that were applied.
	 * @param fixed the names of the settings that cannot be applied
	 */
	public List<String> followed(Collection<String> fixed) {
		return names().stream().filter((name) -> !fixed.contains(name)).map(this::property).toList();
	}

	/**
	 * Return the changed properties that cannot be applied.
	 * @param fixed the names of the settings that cannot be applied
	 */
	public List<String> fixed(Collection<String> fixed) {
		List<String> properties = new ArrayList<>();
		names().stream().filter(fixed::contains).map(this::property).forEach(properties::add);
		if (!Objects.equals(this.after.baseUrl(), this.before.baseUrl())) {
			properties.add(property("base-url"));
		}
		if (!Objects.equals(this.after.sslBundle(), this.before.sslBundle())) {
			properties.add(property("ssl-bundle"));
		}
		return properties;
	}

	private List<String> names() {
		Map<String, Object> values = this.before.settings().values();
		List<String> names = new ArrayList<>();
		this.after.settings().values().forEach((name, value) -> {
			if (!value.equals(values.get(name)) && !isInherited(name, value)) {
				names.add(name);
			}
		});
		return names;
	}

	private boolean isInherited(String name, Object value) {
		return this.shared != null && value.equals(this.shared.after.settings().values().get(name))
				&& this.shared.names().contains(name);
	}

	private String property(String name) {
		return this.after.prefix() + "." + name;
	}

}
