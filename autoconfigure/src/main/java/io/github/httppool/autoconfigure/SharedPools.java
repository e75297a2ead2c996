package io.github.httppool.autoconfigure;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.properties.ConfiguredPool;
import io.github.httppool.autoconfigure.properties.NamedBundles;
import io.github.httppool.autoconfigure.properties.NearestName;
import io.github.httppool.hc5.HttpClientPool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.Assert;

/**
 * The pools of the application. Clients of a configured pool share it unless they differ
 * in the SSL bundle or the address filter, because these determine the peer of a
 * connection. Each pool opens for its first client.
 */
final class SharedPools {

	private final Map<String, HttpClientPool> byName = new ConcurrentHashMap<>();

	private final Map<String, PoolVariants> variants = new LinkedHashMap<>();

	/** The public view of the pools, by name. */
	private final Map<String, HttpPool> configured = new LinkedHashMap<>();

	private final PoolCollaborators collaborators;

	private final NamedBundles sslBundles;

	/** If {@code false}, the builders of the application use another factory. */
	private final boolean usedByDefault;

	private volatile boolean shutDown;

	SharedPools(List<ConfiguredPool> configured, boolean usedByDefault, PoolCollaborators collaborators,
			@Nullable SslBundles sslBundles) {
		this.usedByDefault = usedByDefault;
		this.collaborators = collaborators;
		this.sslBundles = new NamedBundles(sslBundles);
		ConfiguredPool.requireBundles(configured, this.sslBundles);
		for (ConfiguredPool pool : configured) {
			PoolVariants variants = new PoolVariants(pool, collaborators::settings, this.sslBundles);
			this.variants.put(pool.name(), variants);
			this.configured.put(pool.name(), new ConfiguredHttpPool(variants,
					() -> poolFor(variants, variants.clientSettings(), "an HttpClient")));
		}
	}

	/**
	 * Return whether the properties describe a further pool of this name.
	 */
	boolean hasFurther(String name) {
		return !HttpPool.DEFAULT_NAME.equals(name) && this.variants.containsKey(name);
	}

	/**
	 * Return the configured pool of this name, with its variants.
	 */
	PoolVariants variants(String name) {
		PoolVariants variants = this.variants.get(name);
		Assert.state(variants != null, () -> "There is no pool '" + name + "'");
		return variants;
	}

	/**
	 * Return the pools that open connections at startup, each with its variants. Leaves
	 * out the shared pool if the application uses another request factory.
	 */
	List<PoolVariants> warmedUp() {
		return this.variants.values()
			.stream()
			.filter((variants) -> !variants.settings().warmUp().isEmpty())
			.filter((variants) -> this.usedByDefault || hasFurther(variants.configured.name()))
			.toList();
	}

	/**
	 * Return the pool of a client, and open it if this is the first one.
	 * @param variants the configured pool that the client uses, with its variants
	 * @param settings its settings
	 * @param user the client, as the log shows it
	 */
	HttpClientPool poolFor(PoolVariants variants, HttpClientSettings settings, String user) {
		PoolKey key = PoolKey.of(settings, this.sslBundles);
		HttpClientPool pool = variants.byKey.get(key);
		if (pool != null) {
			return pool;
		}
		boolean main = key.equals(PoolKey.of(variants.clientSettings(), this.sslBundles));
		// Resolve the beans before taking the lock, because Spring may
		// have to create them.
		PoolCollaborators.Resolved collaborators = this.collaborators.resolve();
		return open(variants, key, main, collaborators, user);
	}

	private synchronized HttpClientPool open(PoolVariants variants, PoolKey key, boolean main,
			PoolCollaborators.Resolved collaborators, String user) {
		HttpClientPool pool = variants.byKey.get(key);
		if (pool == null) {
			String name = (main && variants.main() == null) ? variants.configured.name() : furtherName(variants, key);
			pool = new PoolOpening(name, key, this.sslBundles, collaborators, () -> this.shutDown)
				.open(variants.settings());
			PoolLog.opened(pool, user);
			variants.add(pool);
			variants.byKey.put(key, pool);
			this.byName.put(name, pool);
			if (this.shutDown) {
				pool.shutDown();
			}
		}
		return pool;
	}

	private String furtherName(PoolVariants variants, PoolKey key) {
		String name = key.bundleName;
		String like = variants.configured.name() + "-";
		String candidate = like + ((name != null) ? name : 2);
		for (int number = 2; this.variants.containsKey(candidate) || this.byName.containsKey(candidate); number++) {
			candidate = like + ((name != null) ? name + "-" : "") + number;
		}
		return candidate;
	}

	/**
	 * Return the pools as configured at startup, the shared one first.
	 */
	List<ConfiguredPool> configured() {
		return this.variants.values().stream().map((variants) -> variants.configured).toList();
	}

	/**
	 * Apply new settings to a configured pool and its variants.
	 * @return the names of the settings that cannot be applied
	 */
	synchronized Set<String> change(String name, HttpPoolSettings settings) {
		return variants(name).change(settings);
	}

	/**
	 * Return the public view of the pools.
	 */
	HttpPools view() {
		return new View();
	}

	/**
	 * {@linkplain HttpClientPool#closeIdle Close} the idle connections of all pools.
	 */
	void closeIdle() {
		this.byName.values().forEach(HttpClientPool::closeIdle);
	}

	/**
	 * Shut down all pools, including those that open later.
	 */
	void shutDown() {
		this.shutDown = true;
		HttpClientPool.shutDown(this.byName.values());
		this.byName.values().forEach(PoolLog::shutDown);
	}

	/**
	 * The public view of the pools. A separate bean, so that a test can replace it.
	 */
	private final class View implements HttpPools {

		@Override
		public HttpPool get(String name) {
			return find(name).orElseThrow(() -> {
				List<String> names = all().stream().map(HttpPool::name).toList();
				String nearest = NearestName.of(name, names);
				return new IllegalArgumentException("There is no pool '%s'%s: the pools of this application are %s"
					.formatted(name, (nearest != null) ? ", perhaps '" + nearest + "' is meant" : "", names));
			});
		}

		@Override
		public Optional<HttpPool> find(String name) {
			HttpPool pool = SharedPools.this.configured.get(name);
			return Optional.ofNullable((pool != null) ? pool : SharedPools.this.byName.get(name));
		}

		@Override
		public List<HttpPool> all() {
			Map<String, HttpPool> pools = new LinkedHashMap<>(SharedPools.this.byName);
			pools.putAll(SharedPools.this.configured);
			Comparator<HttpPool> defaultFirst = Comparator
				.comparing((pool) -> !HttpPool.DEFAULT_NAME.equals(pool.name()));
			return pools.values().stream().sorted(defaultFirst.thenComparing(HttpPool::name)).toList();
		}

	}

}
