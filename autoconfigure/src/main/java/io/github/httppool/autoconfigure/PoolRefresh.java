package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.autoconfigure.properties.ConfiguredPool;
import io.github.httppool.autoconfigure.properties.ConfiguredPools;
import io.github.httppool.autoconfigure.properties.InvalidValue;
import io.github.httppool.autoconfigure.properties.PoolChange;
import io.github.httppool.autoconfigure.properties.PropertyWarnings;
import io.github.httppool.findings.MessageLines;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Applies refreshed properties to the pools after a refresh by Spring Cloud: all changes,
 * or none if a value is invalid.
 */
final class PoolRefresh implements ApplicationListener<EnvironmentChangeEvent>, Ordered {

	private static final Logger log = LoggerFactory.getLogger(PoolRefresh.class);

	private final SharedPools pools;

	private final Environment environment;

	/**
	 * The pools as last read from the properties.
	 */
	private List<ConfiguredPool> known;

	private Map<String, String> knownOthers;

	private Set<String> knownWarnings;

	PoolRefresh(SharedPools pools, Environment environment) {
		this.pools = pools;
		this.environment = environment;
		this.known = pools.configured();
		this.knownOthers = others();
		this.knownWarnings = PropertyWarnings.of(this.known, environment);
	}

	/**
	 * Return the properties that do not belong to a pool.
	 */
	private Map<String, String> others() {
		Binder binder = Binder.get(this.environment);
		return Stream.of("http-pool.enabled", "http-pool.metrics.convention")
			.collect(Collectors.toMap(Function.identity(),
					(property) -> binder.bind(property, String.class).orElse("")));
	}

	/**
	 * Runs before Spring Cloud rebinds all properties, which fails at the first value
	 * that cannot be converted.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	/**
	 * Apply all changes. Ignores the keys of the event, because a value may come from
	 * another property through a placeholder.
	 */
	@Override
	public synchronized void onApplicationEvent(EnvironmentChangeEvent event) {
		try {
			List<ConfiguredPool> wanted = ConfiguredPools.of(this.environment);
			Map<String, String> others = others();
			List<String> fixed = others.keySet()
				.stream()
				.filter((property) -> !others.get(property).equals(this.knownOthers.get(property)))
				.collect(Collectors.toCollection(ArrayList::new));
			follow(this.known, wanted, fixed);
			this.knownWarnings = PropertyWarnings.logNew(this.knownWarnings, wanted, this.environment);
			this.known = wanted;
			this.knownOthers = others;
		}
		catch (RuntimeException ex) {
			log.error(MessageLines
				.of("Changed properties of http-pool cannot be applied, and all pools keep their settings: "
						+ words(ex)));
			log.debug("This is why", ex);
		}
	}

	private static String words(RuntimeException ex) {
		InvalidValue invalid = (ex instanceof BindException failure) ? InvalidValue.of(failure) : null;
		if (invalid != null) {
			return invalid.description() + " " + invalid.advice();
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		return (cause != ex) ? ex.getMessage() + ": " + cause.getMessage() : String.valueOf(ex.getMessage());
	}

	private void follow(List<ConfiguredPool> before, List<ConfiguredPool> wanted, List<String> fixed) {
		List<String> followed = new ArrayList<>();
		PoolChange shared = new PoolChange(before.get(0), wanted.get(0), null);
		for (ConfiguredPool pool : wanted) {
			ConfiguredPool previous = find(before, pool.name());
			if (previous == null) {
				fixed.add(pool.prefix());
			}
			else if (!previous.equals(pool)) {
				PoolChange change = (pool == wanted.get(0)) ? shared : new PoolChange(previous, pool, shared);
				Collection<String> notFollowed = change.isOfSettings() ? this.pools.change(pool.name(), pool.settings())
						: List.of();
				followed.addAll(change.followed(notFollowed));
				fixed.addAll(change.fixed(notFollowed));
			}
		}
		before.stream().filter((pool) -> find(wanted, pool.name()) == null).forEach((pool) -> fixed.add(pool.prefix()));
		if (!followed.isEmpty()) {
			log.info(MessageLines.of("The pools apply changed properties: " + String.join(", ", followed)));
		}
		if (!fixed.isEmpty()) {
			log.warn(MessageLines
				.of("Changed properties have no effect before the application starts again, because its "
						+ "clients and connections are built with them: " + String.join(", ", fixed)));
		}
	}

	private static @Nullable ConfiguredPool find(List<ConfiguredPool> pools, String name) {
		return pools.stream().filter((pool) -> pool.name().equals(name)).findFirst().orElse(null);
	}

}
