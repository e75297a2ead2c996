package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
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

	private final @Nullable SslBundles sslBundles;

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
		this.sslBundles = sslBundles;
		Peers peers = Peers.of(defaults);
		this.byPeers.put(peers, create(HttpPool.DEFAULT_NAME, peers));
	}

	HttpClientPool poolFor(HttpClientSettings settings) {
		Peers peers = Peers.of(settings);
		HttpClientPool pool = this.byPeers.get(peers);
		return (pool != null) ? pool : this.byPeers.computeIfAbsent(peers, this::createFurther);
	}

	private synchronized HttpClientPool createFurther(Peers peers) {
		String name = (peers.sslBundle != null) ? bundleName(peers.sslBundle) : null;
		String candidate = HttpPool.DEFAULT_NAME + "-" + ((name != null) ? name : 2);
		for (int number = 2; this.byName.containsKey(candidate); number++) {
			candidate = HttpPool.DEFAULT_NAME + "-" + ((name != null) ? name + "-" : "") + number;
		}
		return create(candidate, peers);
	}

	private @Nullable String bundleName(SslBundle bundle) {
		SslBundles sslBundles = this.sslBundles;
		if (sslBundles == null) {
			return null;
		}
		return sslBundles.getBundleNames()
			.stream()
			.filter((name) -> isNamed(sslBundles, name, bundle))
			.findFirst()
			.orElse(null);
	}

	private static boolean isNamed(SslBundles sslBundles, String name, SslBundle bundle) {
		try {
			return sslBundles.getBundle(name) == bundle;
		}
		catch (RuntimeException ex) {
			// Another bundle than this one, and broken: not for this client to say.
			return false;
		}
	}

	private HttpClientPool create(String name, Peers peers) {
		HttpClientPool pool = new HttpClientPool(name, this.poolSettings, this.listeners, this.customizers,
				tlsStrategy(peers.sslBundle), dnsFilter(peers.filter));
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
		TlsSocketStrategy customized = this.bootConnections.tlsStrategy(bundle);
		if (customized != null) {
			return customized;
		}
		if (bundle == null) {
			return null;
		}
		SSLContext context = bundle.createSslContext();
		SslOptions options = bundle.getOptions();
		return new DefaultClientTlsStrategy(context, options.getEnabledProtocols(), options.getCiphers(), null,
				new DefaultHostnameVerifier());
	}

	private static @Nullable UnaryOperator<DnsResolver> dnsFilter(@Nullable InetAddressFilter filter) {
		return (filter != null) ? (resolver) -> new FilteredDnsResolver(resolver, filter) : null;
	}

	/**
	 * With whom a connection may be made. Compared by identity: bundles and filters have
	 * no equality of their own.
	 */
	private static final class Peers {

		private final @Nullable SslBundle sslBundle;

		private final @Nullable InetAddressFilter filter;

		private Peers(@Nullable SslBundle sslBundle, @Nullable InetAddressFilter filter) {
			this.sslBundle = sslBundle;
			this.filter = filter;
		}

		static Peers of(HttpClientSettings settings) {
			return new Peers(settings.sslBundle(), settings.inetAddressFilter());
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Peers peers && this.sslBundle == peers.sslBundle && this.filter == peers.filter;
		}

		@Override
		public int hashCode() {
			return 31 * System.identityHashCode(this.sslBundle) + System.identityHashCode(this.filter);
		}

	}

}
