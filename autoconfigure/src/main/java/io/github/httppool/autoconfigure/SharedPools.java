package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLContext;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.Assert;

/**
 * The pools of the application, and the one for a client: clients of a configured pool
 * share it unless they differ in what decides with whom a connection was made, the SSL
 * bundle and the address filter.
 */
final class SharedPools implements HttpPools {

	private final Map<String, HttpClientPool> byName = new ConcurrentHashMap<>();

	private final Map<String, PoolFamily> families = new LinkedHashMap<>();

	private final List<HttpPoolListener> listeners;

	private final BootConnections bootConnections;

	private final List<HttpPoolCustomizer> customizers;

	private final NamedBundles sslBundles;

	private volatile boolean shutDown;

	SharedPools(List<ConfiguredPool> configured, HttpClientSettings all, List<HttpPoolListener> listeners,
			BootConnections bootConnections, List<HttpPoolCustomizer> customizers, @Nullable SslBundles sslBundles) {
		this.listeners = listeners;
		this.bootConnections = bootConnections;
		this.customizers = new ArrayList<>();
		this.customizers.add(bootConnections);
		this.customizers.addAll(customizers);
		this.sslBundles = new NamedBundles(sslBundles);
		this.sslBundles.requireAll(configured);
		for (ConfiguredPool pool : configured) {
			PoolFamily family = new PoolFamily(pool, all, this.sslBundles);
			this.families.put(pool.name(), family);
			Peers peers = Peers.of(family.clientSettings, this.sslBundles);
			family.byPeers.put(peers, create(pool.name(), family, peers));
		}
	}

	/**
	 * Return whether the properties describe a further pool of this name.
	 */
	boolean hasFurther(String name) {
		return !HttpPool.DEFAULT_NAME.equals(name) && this.families.containsKey(name);
	}

	/**
	 * Return the pool that the properties describe under a name, with its like.
	 */
	PoolFamily family(String name) {
		PoolFamily family = this.families.get(name);
		Assert.state(family != null, () -> "There is no pool '" + name + "'");
		return family;
	}

	/**
	 * Return all pools that the properties describe, each with its like.
	 */
	Collection<PoolFamily> families() {
		return this.families.values();
	}

	/**
	 * Return the pool of a client.
	 * @param family the pool that it asks for, with its like
	 * @param settings its settings
	 */
	HttpClientPool poolFor(PoolFamily family, HttpClientSettings settings) {
		Peers peers = Peers.of(settings, this.sslBundles);
		HttpClientPool pool = family.byPeers.get(peers);
		return (pool != null) ? pool
				: family.byPeers.computeIfAbsent(peers, (further) -> createFurther(family, further));
	}

	private synchronized HttpClientPool createFurther(PoolFamily family, Peers peers) {
		String name = peers.bundleName;
		String like = family.configured.name() + "-";
		String candidate = like + ((name != null) ? name : 2);
		for (int number = 2; this.byName.containsKey(candidate); number++) {
			candidate = like + ((name != null) ? name + "-" : "") + number;
		}
		return create(candidate, family, peers);
	}

	private HttpClientPool create(String name, PoolFamily family, Peers peers) {
		String bundleName = peers.bundleName;
		if (bundleName == null) {
			return create(name, family, peers, tlsStrategy(peers.unnamedBundle));
		}
		BundleTls tls = new BundleTls(name, bundleName, () -> this.sslBundles.get(bundleName), this::bundleStrategy);
		HttpClientPool pool = create(name, family, peers, tls);
		Runnable reload = () -> {
			// In this order: what is opened after the eviction is made with the new one.
			if (!this.shutDown && tls.reload()) {
				pool.evict();
			}
		};
		this.sslBundles.onReload(bundleName, reload);
		// It may have been reloaded since it was read.
		reload.run();
		return pool;
	}

	private HttpClientPool create(String name, PoolFamily family, Peers peers,
			@Nullable TlsSocketStrategy tlsStrategy) {
		HttpClientPool pool = new HttpClientPool(name, family.settings(), this.listeners, this.customizers, tlsStrategy,
				SettingsSinceBoot41.dnsFilter(peers.filter));
		family.add(pool);
		this.byName.put(name, pool);
		if (this.shutDown) {
			pool.shutDown();
		}
		return pool;
	}

	/**
	 * Return the pools as the properties described them at start, the shared one first.
	 */
	List<ConfiguredPool> configured() {
		return this.families.values().stream().map((family) -> family.configured).toList();
	}

	/**
	 * Let a pool that the properties describe, and its like, follow other settings.
	 * @return the names of those that cannot follow
	 */
	synchronized Set<String> change(String name, HttpPoolSettings settings) {
		return family(name).change(settings);
	}

	@Override
	public Optional<HttpPool> find(String name) {
		return Optional.ofNullable(this.byName.get(name));
	}

	@Override
	public List<HttpPool> all() {
		Comparator<HttpPool> defaultFirst = Comparator.comparing((pool) -> !HttpPool.DEFAULT_NAME.equals(pool.name()));
		return this.byName.values()
			.stream()
			.<HttpPool>map((pool) -> pool)
			.sorted(defaultFirst.thenComparing(HttpPool::name))
			.toList();
	}

	/**
	 * {@linkplain HttpClientPool#closeIdle Close} the idle connections of all pools.
	 */
	void closeIdle() {
		this.byName.values().forEach(HttpClientPool::closeIdle);
	}

	/**
	 * Shut all pools down, and each that is made later.
	 */
	void shutDown() {
		this.shutDown = true;
		HttpClientPool.shutDown(this.byName.values());
	}

	private @Nullable TlsSocketStrategy tlsStrategy(@Nullable SslBundle bundle) {
		return (bundle != null) ? bundleStrategy(bundle) : this.bootConnections.tlsStrategy(null);
	}

	private TlsSocketStrategy bundleStrategy(SslBundle bundle) {
		TlsSocketStrategy customized = this.bootConnections.tlsStrategy(bundle);
		if (customized != null) {
			return customized;
		}
		SSLContext context = bundle.createSslContext();
		SslOptions options = bundle.getOptions();
		return new DefaultClientTlsStrategy(context, options.getEnabledProtocols(), options.getCiphers(), null,
				new DefaultHostnameVerifier());
	}

}
