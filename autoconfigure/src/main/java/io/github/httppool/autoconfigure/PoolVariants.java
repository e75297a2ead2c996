package io.github.httppool.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.autoconfigure.properties.ConfiguredPool;
import io.github.httppool.autoconfigure.properties.NamedBundles;
import io.github.httppool.hc5.HttpClientPool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * A configured pool and its variants, which differ only in their {@link PoolKey}.
 */
final class PoolVariants {

	final ConfiguredPool configured;

	final Map<PoolKey, HttpClientPool> byKey = new ConcurrentHashMap<>();

	private final Supplier<HttpClientSettings> all;

	private final NamedBundles bundles;

	/** The open pools, added before other threads can find them. */
	private final List<HttpClientPool> pools = new CopyOnWriteArrayList<>();

	/** The settings of the next pool. */
	private volatile HttpPoolSettings settings;

	private volatile @Nullable HttpClientPool main;

	PoolVariants(ConfiguredPool configured, Supplier<HttpClientSettings> all, NamedBundles bundles) {
		this.configured = configured;
		this.settings = configured.settings();
		this.all = all;
		this.bundles = bundles;
	}

	/**
	 * Return the settings of clients that have no individual settings.
	 */
	HttpClientSettings clientSettings() {
		return this.configured.clientSettings(this.all.get(), this.bundles);
	}

	/**
	 * Return the pool of clients that have no individual settings, or {@code null} if it
	 * is not open.
	 */
	@Nullable HttpClientPool main() {
		return this.main;
	}

	void add(HttpClientPool pool) {
		this.pools.add(pool);
		if (pool.name().equals(this.configured.name())) {
			this.main = pool;
		}
	}

	/**
	 * Return the common settings of the variants.
	 */
	HttpPoolSettings settings() {
		HttpClientPool main = this.main;
		return (main != null) ? main.settings() : this.settings;
	}

	/**
	 * Apply new settings to all variants.
	 * @return the names of the settings that cannot be applied
	 */
	Set<String> change(HttpPoolSettings settings) {
		Set<String> fixed = new LinkedHashSet<>();
		this.pools.forEach((pool) -> fixed.addAll(pool.change(settings)));
		if (this.main == null) {
			this.settings = HttpClientPool.follow(this.settings, settings, fixed::add);
		}
		return fixed;
	}

	/**
	 * Return the effective settings of a client whose builder has the given settings.
	 * Spring Boot fills in the settings of all clients, so only values that differ from
	 * them were set for this client.
	 */
	HttpClientSettings complete(HttpClientSettings settings) {
		HttpClientSettings all = this.all.get();
		HttpClientSettings individual = SettingsSinceBoot41.without(all, settings);
		if (individual.redirects() == all.redirects()) {
			individual = individual.withRedirects(null);
		}
		if (Objects.equals(individual.connectTimeout(), all.connectTimeout())) {
			individual = individual.withConnectTimeout(null);
		}
		if (Objects.equals(individual.readTimeout(), all.readTimeout())) {
			individual = individual.withReadTimeout(null);
		}
		if (individual.sslBundle() == all.sslBundle()) {
			individual = individual.withSslBundle(null);
		}
		return individual.orElse(clientSettings());
	}

}
