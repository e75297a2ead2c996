package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import io.github.httppool.InvalidHttpPoolSettingsException;
import io.github.httppool.autoconfigure.properties.HttpPoolProperties.Pool;
import io.github.httppool.findings.PropertyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.Environment;

/**
 * Reads the pools of an application from its properties. A further pool starts with the
 * bound values of the shared pool, to which its own properties are then bound. It
 * therefore inherits values, not defaults.
 */
public final class ConfiguredPools {

	private static final String SHARED = "http-pool";

	private final WrittenProperties written;

	private final Binder binder;

	private final List<ConfiguredPool> pools = new ArrayList<>();

	private final Set<Problem> problems = new LinkedHashSet<>();

	private ConfiguredPools(Environment environment) {
		this.written = new WrittenProperties(environment);
		ApplicationConversionService conversion = new ApplicationConversionService();
		conversion.addConverter(new EmptyPool());
		this.binder = new Binder(ConfigurationPropertySources.get(environment),
				new PropertySourcesPlaceholdersResolver(environment), conversion);
	}

	/**
	 * Return all pools, the shared one first.
	 * @param environment the environment with the application's properties
	 * @throws InvalidHttpPoolSettingsException if values are invalid; reports the errors
	 * of all pools together
	 */
	public static List<ConfiguredPool> of(Environment environment) {
		ConfiguredPools configured = new ConfiguredPools(environment);
		configured.addShared();
		PoolNames names = PoolNames.of(configured.binder);
		configured.problems.addAll(names.problems());
		names.valid().forEach(configured::addFurther);
		if (!configured.problems.isEmpty()) {
			throw new InvalidHttpPoolSettingsException(List.copyOf(configured.problems));
		}
		return configured.pools;
	}

	private void addShared() {
		HttpPoolSettings settings = settings(inherited(false), HttpPool.DEFAULT_NAME);
		if (settings != null) {
			this.pools.add(new ConfiguredPool(HttpPool.DEFAULT_NAME, settings, null, null, false, false));
		}
	}

	private void addFurther(String name, ConfigurationPropertyName properties) {
		Pool pool = inherited(true);
		Map<String, RouteProperties> inheritedRoutes = new LinkedHashMap<>(pool.getRoutes());
		if (isSet(properties, "proxy.url")) {
			// Credentials belong to the proxy with which they are configured. They must
			// not be sent to another proxy.
			pool.getProxy().setUsername(null);
			pool.getProxy().setPassword(null);
		}
		this.binder.bind(properties, Bindable.ofInstance(pool));
		pool.getRoutes().forEach((route, own) -> own.inherit(inheritedRoutes.get(route)));
		clearEmptyValues(properties, pool);
		this.problems.addAll(BaseUrl.problems("pools." + name + ".base-url", pool.getBaseUrl()));
		HttpPoolSettings settings = settings(pool, name);
		if (settings != null) {
			this.pools.add(new ConfiguredPool(name, settings, pool.getBaseUrl(), pool.getSslBundle(),
					isSet(properties, "connect-timeout"), isSet(properties, "response-timeout")));
		}
	}

	private Pool inherited(boolean forFurther) {
		Pool pool = this.binder.bindOrCreate(SHARED, Pool.class);
		pool.setBaseUrl(null);
		pool.setSslBundle(null);
		if (forFurther) {
			pool.getWarmUp().clear();
		}
		return pool;
	}

	/**
	 * Clear an inherited value if the pool sets an empty one. Binding alone would keep
	 * the inherited value.
	 */
	private void clearEmptyValues(ConfigurationPropertyName properties, Pool pool) {
		ifEmpty(properties, "max-idle-per-route", pool::setMaxIdlePerRoute);
		ifEmpty(properties, "call-timeout", pool::setCallTimeout);
		ifEmpty(properties, "max-body", pool::setMaxBody);
		ifEmpty(properties, "leak-detection-threshold", pool::setLeakDetectionThreshold);
		ifEmpty(properties, "proxy.url", pool.getProxy()::setUrl);
	}

	private <T> void ifEmpty(ConfigurationPropertyName properties, String property, Consumer<@Nullable T> setter) {
		if (text(properties, property).map(String::isBlank).orElse(false)) {
			setter.accept(null);
		}
	}

	private boolean isSet(ConfigurationPropertyName properties, String property) {
		return text(properties, property).isBound();
	}

	private BindResult<String> text(ConfigurationPropertyName properties, String property) {
		return this.binder.bind(properties.append(property), Bindable.of(String.class));
	}

	private @Nullable HttpPoolSettings settings(Pool pool, String name) {
		try {
			return pool.toSettings().toBuilder().propertyPrefix(ConfiguredPool.prefix(name) + ".").build();
		}
		catch (InvalidHttpPoolSettingsException ex) {
			SettingNames names = new SettingNames(name, this.written);
			for (Problem problem : ex.getProblems()) {
				// Report the property name that the user wrote. Errors in inherited
				// values have already been reported for the shared pool.
				String setting = names.nameOf(problem.setting());
				String advice = setting.equals(problem.setting()) ? problem.advice()
						: PropertyNames.own(problem.advice(), ConfiguredPool.prefix(name) + ".");
				this.problems.add(new Problem(setting, problem.value(), advice));
			}
			return null;
		}
	}

}
