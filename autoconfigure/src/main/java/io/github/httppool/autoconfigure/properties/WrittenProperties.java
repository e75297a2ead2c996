package io.github.httppool.autoconfigure.properties;

import java.util.List;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * The properties that are explicitly set, in any form that relaxed binding accepts.
 */
public final class WrittenProperties {

	private final Environment environment;

	private final Iterable<ConfigurationPropertySource> sources;

	public WrittenProperties(Environment environment) {
		this.environment = environment;
		this.sources = (environment instanceof ConfigurableEnvironment) ? ConfigurationPropertySources.get(environment)
				: List.of();
	}

	Iterable<ConfigurationPropertySource> sources() {
		return this.sources;
	}

	boolean contains(String property) {
		ConfigurationPropertyName name = name(property);
		for (ConfigurationPropertySource source : this.sources) {
			// Lists and maps only have values for their elements.
			if (source.getConfigurationProperty(name) != null
					|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the value as written, with placeholders resolved.
	 * @return the value, or {@code null} if there is none
	 */
	@Nullable String valueOf(String property) {
		ConfigurationProperty written = find(property);
		return (written != null) ? this.environment.resolvePlaceholders(String.valueOf(written.getValue())) : null;
	}

	/**
	 * Return the names of properties that have a value.
	 * @param prefix the prefix of their names
	 * @param end the suffix of their names
	 */
	public List<String> withValue(String prefix, String end, String value) {
		ConfigurationPropertyName root = ConfigurationPropertyName.of(prefix);
		return StreamSupport.stream(this.sources.spliterator(), false)
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream())
			.filter(root::isAncestorOf)
			.map(ConfigurationPropertyName::toString)
			.filter((name) -> name.endsWith("." + end) && value.equals(valueOf(name)))
			.distinct()
			.toList();
	}

	/**
	 * Return the origin of a property.
	 * @return the origin, or {@code null} if the property is not set or its origin is
	 * unknown
	 */
	public @Nullable Origin originOf(String property) {
		ConfigurationProperty written = find(property);
		return (written != null) ? written.getOrigin() : null;
	}

	private @Nullable ConfigurationProperty find(String property) {
		ConfigurationPropertyName name = name(property);
		for (ConfigurationPropertySource source : this.sources) {
			ConfigurationProperty written = source.getConfigurationProperty(name);
			if (written != null) {
				return written;
			}
		}
		return null;
	}

	private static ConfigurationPropertyName name(String property) {
		return ConfigurationPropertyName.adapt(property, '.');
	}

}
