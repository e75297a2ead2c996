package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

/**
 * The pools of the application, and the one for a client: clients share one unless they
 * differ in what decides with whom a connection was made, the SSL bundle and the address
 * filter.
 */
final class SharedPools implements HttpPools {

	private final Map<String, HttpClientPool> byName = new ConcurrentHashMap<>();

	private final HttpPoolSettings poolSettings;

	private final List<HttpPoolListener> listeners;

	private final BootConnections bootConnections;

	private final List<HttpPoolCustomizer> customizers;

	private final NamedBundles sslBundles;

	private final Map<Peers, HttpClientPool> byPeers = new ConcurrentHashMap<>();

	private volatile boolean shutDown;

	SharedPools(HttpPoolSettings poolSettings, HttpClientSettings defaults, List<HttpPoolListener> listeners,
			BootConnections bootConnections, List<HttpPoolCustomizer> customizers, @Nullable SslBundles sslBundles) {
		this.poolSettings = poolSettings;
		this.listeners = listeners;
		this.bootConnections = bootConnections;
		this.customizers = new ArrayList<>();
		this.customizers.add(bootConnections);
		this.customizers.addAll(customizers);
		this.sslBundles = new NamedBundles(sslBundles);
		Peers peers = peers(defaults);
		this.byPeers.put(peers, create(HttpPool.DEFAULT_NAME, peers));
	}

	HttpClientPool poolFor(HttpClientSettings settings) {
		Peers peers = peers(settings);
		HttpClientPool pool = this.byPeers.get(peers);
		return (pool != null) ? pool : this.byPeers.computeIfAbsent(peers, this::createFurther);
	}

	private Peers peers(HttpClientSettings settings) {
		SslBundle bundle = settings.sslBundle();
		String bundleName = (bundle != null) ? this.sslBundles.nameOf(bundle) : null;
		return new Peers(bundleName, (bundleName != null) ? null : bundle, SettingsSinceBoot41.addressFilter(settings));
	}

	private synchronized HttpClientPool createFurther(Peers peers) {
		String name = peers.bundleName;
		String candidate = HttpPool.DEFAULT_NAME + "-" + ((name != null) ? name : 2);
		for (int number = 2; this.byName.containsKey(candidate); number++) {
			candidate = HttpPool.DEFAULT_NAME + "-" + ((name != null) ? name + "-" : "") + number;
		}
		return create(candidate, peers);
	}

	private HttpClientPool create(String name, Peers peers) {
		String bundleName = peers.bundleName;
		if (bundleName == null) {
			return create(name, peers, tlsStrategy(peers.unnamedBundle));
		}
		BundleTls tls = new BundleTls(name, bundleName, () -> this.sslBundles.get(bundleName), this::bundleStrategy);
		HttpClientPool pool = create(name, peers, tls);
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

	private HttpClientPool create(String name, Peers peers, @Nullable TlsSocketStrategy tlsStrategy) {
		HttpClientPool pool = new HttpClientPool(name, this.poolSettings, this.listeners, this.customizers, tlsStrategy,
				SettingsSinceBoot41.dnsFilter(peers.filter));
		this.byName.put(name, pool);
		if (this.shutDown) {
			pool.shutDown();
		}
		return pool;
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

	void start() {
		this.byName.values().forEach(HttpClientPool::start);
	}

	/**
	 * {@linkplain HttpClientPool#stop Stop} all pools.
	 * @param timeout how long to wait at most, for all of them together
	 * @return whether all connections came back in time
	 */
	boolean stop(Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		boolean inTime = true;
		// Nobody waits in one pool while the calls of another finish.
		this.byName.values().forEach((pool) -> pool.stop(Duration.ZERO));
		for (HttpClientPool pool : this.byName.values()) {
			inTime &= pool.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
		}
		return inTime;
	}

	void shutDown() {
		this.shutDown = true;
		this.byName.values().forEach(HttpClientPool::shutDown);
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

	/**
	 * With whom a connection may be made. A bundle with a name is whatever has that name
	 * at the time; others and filters are compared by identity: they have no equality of
	 * their own.
	 */
	private static final class Peers {

		private final @Nullable String bundleName;

		private final @Nullable SslBundle unnamedBundle;

		private final @Nullable Object filter;

		private Peers(@Nullable String bundleName, @Nullable SslBundle unnamedBundle, @Nullable Object filter) {
			this.bundleName = bundleName;
			this.unnamedBundle = unnamedBundle;
			this.filter = filter;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Peers peers && Objects.equals(this.bundleName, peers.bundleName)
					&& this.unnamedBundle == peers.unnamedBundle && this.filter == peers.filter;
		}

		@Override
		public int hashCode() {
			return 31 * Objects.hashCode(this.bundleName) + 17 * System.identityHashCode(this.unnamedBundle)
					+ System.identityHashCode(this.filter);
		}

	}

}
