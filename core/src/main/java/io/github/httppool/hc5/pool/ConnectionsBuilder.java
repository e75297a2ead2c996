package io.github.httppool.hc5.pool;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.net.AddressLookup;
import io.github.httppool.hc5.net.SocksRoute;
import io.github.httppool.hc5.net.SystemTls;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Builds HttpClient's connection manager for a pool. It applies the settings, then the
 * customizers, then everything that the guarantees of the pool depend on.
 */
public final class ConnectionsBuilder extends PoolingHttpClientConnectionManagerBuilder {

	private final String name;

	private final HttpPoolSettings settings;

	private final List<HttpPoolCustomizer> customizers;

	private final UnaryOperator<DnsResolver> dnsFilter;

	private @Nullable ConnectionPool pool;

	public ConnectionsBuilder(String name, HttpPoolSettings settings, List<HttpPoolCustomizer> customizers,
			@Nullable TlsSocketStrategy tlsStrategy, @Nullable UnaryOperator<DnsResolver> dnsFilter) {
		this.name = name;
		this.settings = settings;
		this.customizers = customizers;
		useSystemProperties();
		setTlsSocketStrategy((tlsStrategy != null) ? tlsStrategy : new SystemTls());
		this.dnsFilter = (dnsFilter != null) ? dnsFilter : UnaryOperator.identity();
	}

	public PoolingHttpClientConnectionManager build(ConnectionPool pool) {
		this.pool = pool;
		setMaxConnTotal(this.settings.maxTotal());
		setMaxConnPerRoute(this.settings.maxPerRoute());
		setTlsConfigResolver((host) -> pool.inForce().tlsConfig);
		this.customizers.forEach((customizer) -> customizer.customizeConnections(this.name, this));
		// LAX ignores the total limit, OFFLOCK lets callers starve.
		setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT);
		// What this pool keeps at hand is leased in the same order.
		setConnPoolPolicy(switch (this.settings.reusePolicy()) {
			case LIFO -> PoolReusePolicy.LIFO;
			case FIFO -> PoolReusePolicy.FIFO;
		});
		setConnectionFactory((socket) -> pool.newConnection());
		setConnectionConfigResolver((route) -> pool.inForce().connectionConfig);
		return build();
	}

	@Override
	protected HttpClientConnectionOperator createConnectionOperator(@Nullable SchemePortResolver portResolver,
			@Nullable DnsResolver dnsResolver, TlsSocketStrategy tlsStrategy) {
		ConnectionPool pool = Objects.requireNonNull(this.pool);
		DnsResolver unfiltered = (dnsResolver != null) ? dnsResolver : SystemDefaultDnsResolver.INSTANCE;
		DnsResolver resolver = this.dnsFilter.apply(unfiltered);
		// A filter must see the addresses, and who sets a resolver wants it to be asked.
		boolean resolvesNames = resolver != unfiltered || unfiltered != SystemDefaultDnsResolver.INSTANCE;
		return new Connector(pool, portResolver, resolver,
				new SocksRoute(new AddressLookup(unfiltered, pool.lookups()), resolvesNames), tlsStrategy);
	}

}
