package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.httppool.autoconfigure.properties.HttpPoolProperties.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds environment variables such as {@code HTTP_POOL_POOLS_ORDERS_MAX_TOTAL} for a pool
 * that no property defines. Spring Boot can match such a variable with a known pool, but
 * cannot derive the name of the pool from the variable.
 */
final class PoolVariables {

	private static final String PREFIX = "HTTP_POOL_POOLS_";

	/** Kubernetes adds such variables for each of its services. */
	private static final Pattern KUBERNETES = Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_.*)?)");

	private static final List<String> PROPERTIES = KnownProperties.of(Pool.class).paths();

	private PoolVariables() {
	}

	/**
	 * Return one sentence per variable.
	 */
	static List<String> withoutEffect(List<ConfiguredPool> pools, WrittenProperties written) {
		List<String> found = new ArrayList<>();
		for (ConfigurationPropertySource source : written.sources()) {
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource environment) {
				Arrays.stream(environment.getPropertyNames())
					.sorted()
					.filter((variable) -> isWithoutPool(upper(variable), pools))
					.map(PoolVariables::describe)
					.forEach(found::add);
			}
		}
		return found;
	}

	private static boolean isWithoutPool(String variable, List<ConfiguredPool> pools) {
		return variable.startsWith(PREFIX) && !KUBERNETES.matcher(variable).matches()
				&& pools.stream().noneMatch((pool) -> variable.startsWith(PREFIX + variable(pool.name()) + "_"));
	}

	private static String describe(String variable) {
		String rest = upper(variable).substring(PREFIX.length());
		String property = property(rest);
		String message = "Environment variable %s defines no pool on its own and has no effect: ".formatted(variable);
		if (property == null) {
			return message + "define its pool with a property below http-pool.pools";
		}
		String pool = rest.substring(0, rest.length() - variable(property).length() - 1);
		String defining = "HTTPPOOL_POOLS_" + pool.replace("_", "") + "_"
				+ property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
		return message + "use %s, or define the pool with a property such as http-pool.pools.%s.%s".formatted(defining,
				pool.toLowerCase(Locale.ROOT).replace('_', '-'), property);
	}

	/**
	 * Return the longest match, because the name of a pool may end with the name of a
	 * property.
	 */
	private static @Nullable String property(String rest) {
		return PROPERTIES.stream()
			.filter((property) -> rest.endsWith("_" + variable(property)))
			.max((one, other) -> Integer.compare(one.length(), other.length()))
			.orElse(null);
	}

	private static String variable(String name) {
		return upper(name).replace('-', '_').replace('.', '_');
	}

	private static String upper(String text) {
		return text.toUpperCase(Locale.ROOT);
	}

}
