package io.github.httppool.autoconfigure.properties;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds unknown properties below {@code http-pool}, and suggests similar names.
 */
final class UnknownProperties {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("http-pool");

	private final KnownProperties known = KnownProperties.of(HttpPoolProperties.class);

	private final Map<ConfigurationPropertyName, String> found = new LinkedHashMap<>();

	private UnknownProperties() {
	}

	/**
	 * Find unknown properties.
	 * @return one sentence per property
	 */
	static List<String> in(WrittenProperties written) {
		UnknownProperties unknown = new UnknownProperties();
		for (ConfigurationPropertySource source : written.sources()) {
			if (source instanceof IterableConfigurationPropertySource names) {
				names.stream().filter(ROOT::isAncestorOf).forEach((name) -> unknown.check(name, source));
			}
		}
		return List.copyOf(unknown.found.values());
	}

	private void check(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		KnownProperties known = this.known;
		for (int i = 1; i < name.getNumberOfElements(); i++) {
			KnownProperties child = known.child(name, i);
			if (child == null) {
				String meant = nearest(name, i, known);
				// Kubernetes defines variables for its services that may resemble
				// properties of the pool.
				if (meant != null || !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
					this.found.putIfAbsent(name, describe(name, source, meant));
				}
				return;
			}
			known = child;
		}
	}

	private static String describe(ConfigurationPropertyName name, ConfigurationPropertySource source,
			@Nullable String meant) {
		Origin origin = Origin.from(source.getConfigurationProperty(name));
		return "%s%s is no property of HTTP Pool and has no effect%s".formatted(name,
				(origin != null) ? " (" + origin + ")" : "", (meant != null) ? ": perhaps " + meant + " is meant" : "");
	}

	/**
	 * Return the known name that is most similar to an unknown one.
	 * @param name the unknown name
	 * @param element the first unknown element
	 * @param known the known names at the position of this element
	 */
	private @Nullable String nearest(ConfigurationPropertyName name, int element, KnownProperties known) {
		NearestName nearest = new NearestName(name.subName(element));
		// Environment variables have no dashes.
		nearest.search(ROOT + name.chop(element).toString().substring(name.chop(1).toString().length()) + ".", known);
		nearest.search(ROOT + ".", this.known);
		return nearest.get();
	}

}
