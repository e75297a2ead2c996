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

	private final Map<String, PoolVariants> families = new LinkedHashMap<>();

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
		this.sslBundles.requireAll(configured);
		for (ConfiguredPool pool : configured) {
			PoolVariants family = new PoolVariants(pool, collaborators::settings, this.sslBundles);
			this.families.put(pool.name(), family);
			this.configured.put(pool.name(),
					new ConfiguredHttpPool(family, () -> poolFor(family, family.clientSettings(), "an HttpClient")));
		}
	}

	/**
	 * Return whether the properties describe a further pool of this name.
	 */
	boolean hasFurther(String name) {
		return !HttpPool.DEFAULT_NAME.equals(name) && this.families.containsKey(name);
	}

	/**
	 * Return the configured pool of this name, with its variants.
	 */
	PoolVariants family(String name) {
		PoolVariants family = this.families.get(name);
		Assert.state(family != null, () -> "There is no pool '" + name + "'");
		return family;
	}

	/**
	 * Return the pools that open connections at startup, each with its variants. Leaves
	 * out the shared pool if the application uses another request factory.
	 */
	List<PoolVariants> warmedUp() {
		return this.families.values()
			.stream()
			.filter((family) -> !family.settings().warmUp().isEmpty())
			.filter((family) -> this.usedByDefault || hasFurther(family.configured.name()))
			.toList();
	}

	/**
	 * Return the pool of a client, and open it if this is the first one.
	 * @param family the configured pool that the client uses, with its variants
	 * @param settings its settings
	 * @param user the client, as the log shows it
	 */
	HttpClientPool poolFor(PoolVariants family, HttpClientSettings settings, String user) {
		PoolKey key = PoolKey.of(settings, this.sslBundles);
		HttpClientPool pool = family.byKey.get(key);
		if (pool != null) {
			return pool;
		}
		boolean main = key.equals(PoolKey.of(family.clientSettings(), this.sslBundles));
		// Before the lock, because Spring may have to create beans.
		PoolCollaborators.Resolved collaborators = this.collaborators.resolve();
		return open(family, key, main, collaborators, user);
	}

	private synchronized HttpClientPool open(PoolVariants family, PoolKey key, boolean main,
			PoolCollaborators.Resolved collaborators, String user) {
		HttpClientPool pool = family.byKey.get(key);
		if (pool == null) {
			String name = (main && family.main() == null) ? family.configured.name() : furtherName(family, key);
			pool = new PoolOpening(name, key, this.sslBundles, collaborators, () -> this.shutDown)
				.open(family.settings());
			PoolLog.opened(pool, user);
			family.add(pool);
			family.byKey.put(key, pool);
			this.byName.put(name, pool);
			if (this.shutDown) {
				pool.shutDown();
			}
		}
		return pool;
	}

	private String furtherName(PoolVariants family, PoolKey key) {
		String name = key.bundleName;
		String like = family.configured.name() + "-";
		String candidate = like + ((name != null) ? name : 2);
		for (int number = 2; this.families.containsKey(candidate) || this.byName.containsKey(candidate); number++) {
			candidate = like + ((name != null) ? name + "-" : "") + number;
		}
		return candidate;
	}

	/**
	 * Return the pools as configured at startup, the shared one first.
	 */
	List<ConfiguredPool> configured() {
		return this.families.values().stream().map((family) -> family.configured).toList();
	}

	/**
	 * Apply new settings to a configured pool and its variants.
	 * @return the names of the settings that cannot be applied
	 */
	synchronized Set<String> change(String name, HttpPoolSettings settings) {
		return family(name).change(settings);
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
				List<String> known = all().stream().map(HttpPool::name).toList();
				String nearest = NearestName.of(name, known);
				return new IllegalArgumentException("There is no pool '%s'%s: the pools of this application are %s"
					.formatted(name, (nearest != null) ? ", perhaps '" + nearest + "' is meant" : "", known));
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
