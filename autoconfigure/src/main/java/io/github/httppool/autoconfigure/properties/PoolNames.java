package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The names of an application's further pools, as written in its properties.
 *
 * @param valid the valid names, with their properties
 * @param problems the problems of the other names
 */
public record PoolNames(Map<String, ConfigurationPropertyName> valid, List<Problem> problems) {

	private static final ConfigurationPropertyName POOLS = ConfigurationPropertyName.of("http-pool.pools");

	/**
	 * Valid in the names of beans, meter tags and threads, and in the path of a URL.
	 */
	private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

	/**
	 * Reserved for the shared pool and its client {@code pooledRestClient}.
	 */
	private static final Set<String> RESERVED = Set.of("default", "pooled");

	public static PoolNames of(Binder binder) {
		Map<String, ConfigurationPropertyName> valid = new LinkedHashMap<>();
		List<Problem> problems = new ArrayList<>();
		for (ConfigurationPropertyName property : properties(binder)) {
			String name = name(property);
			if (!VALID.matcher(name).matches()) {
				problems.add(problem(name, "use a name of letters, digits, '-' and '_' that begins with a letter or "
						+ "a digit: it becomes part of bean names, meter tags and URLs"));
			}
			else if (RESERVED.contains(uniform(name))) {
				problems.add(problem(name,
						"use another name: this one is taken by the shared pool, whose properties stand directly "
								+ "below 'http-pool'"));
			}
			else {
				valid.put(name, property);
			}
		}
		return new PoolNames(valid, problems);
	}

	static Problem problem(String name, String advice) {
		return new Problem("pools", name, advice);
	}

	/**
	 * Return each pool once. For Spring Boot, 'order-service' and 'orderservice' from an
	 * environment variable are the same name. The form with more information takes
	 * precedence.
	 */
	private static Collection<ConfigurationPropertyName> properties(Binder binder) {
		Map<String, ConfigurationPropertyName> properties = new LinkedHashMap<>();
		binder.bind(POOLS, Bindable.mapOf(String.class, Object.class), new BindHandler() {

			@Override
			public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
				if (POOLS.isParentOf(name)) {
					properties.merge(uniform(name(name)), name, (known, further) -> isUniform(known) ? further : known);
				}
				return target;
			}

		});
		return properties.values();
	}

	private static String name(ConfigurationPropertyName property) {
		return property.getLastElement(Form.ORIGINAL);
	}

	private static boolean isUniform(ConfigurationPropertyName property) {
		return name(property).equals(uniform(name(property)));
	}

	private static String uniform(String name) {
		return name.replace("-", "").toLowerCase(Locale.ROOT);
	}

}
