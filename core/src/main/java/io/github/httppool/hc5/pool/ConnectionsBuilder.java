package io.github.httppool.hc5.pool;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.AddressLookup;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.SocksRoute;
import io.github.httppool.hc5.net.SystemTls;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the settings for opening connections. It applies the settings of the pool
 * first, then the customizers.
 */
public final class ConnectionsBuilder extends PoolingHttpClientConnectionManagerBuilder {

	private static final String SOCKET_CONFIGS = "socketConfigResolver";

	private static final String TLS_CONFIGS = "tlsConfigResolver";

	/**
	 * The fields that are read by reflection, because HttpClient's builder has no
	 * getters.
	 */
	public static final List<String> FIELDS = List.of(SOCKET_CONFIGS, TLS_CONFIGS);

	private static final Logger log = LoggerFactory.getLogger(ConnectionsBuilder.class);

	private final String name;

	private final HttpPoolSettings settings;

	private final List<HttpPoolCustomizer> customizers;

	private final UnaryOperator<DnsResolver> dnsFilter;

	private @Nullable PoolContext pool;

	private @Nullable Connector connector;

	public ConnectionsBuilder(String name, HttpPoolSettings settings, List<HttpPoolCustomizer> customizers,
			@Nullable TlsSocketStrategy tlsStrategy, @Nullable UnaryOperator<DnsResolver> dnsFilter) {
		this.name = name;
		this.settings = settings;
		this.customizers = customizers;
		useSystemProperties();
		setTlsSocketStrategy((tlsStrategy != null) ? tlsStrategy : new SystemTls());
		this.dnsFilter = (dnsFilter != null) ? dnsFilter : UnaryOperator.identity();
	}

	ConnectionSettings build(PoolContext pool) {
		this.pool = pool;
		setMaxConnTotal(this.settings.maxTotal());
		setMaxConnPerRoute(this.settings.maxPerRoute());
		setTlsConfigResolver((host) -> pool.inForce().tlsConfig);
		this.customizers.forEach((customizer) -> customizer.customizeConnections(this.name, this));
		// Only used to read the values set by customizers. It never leases a connection.
		PoolingHttpClientConnectionManager built = build();
		return new ConnectionSettings(Objects.requireNonNull(this.connector), built.getMaxTotal(),
				built.getDefaultMaxPerRoute(), read(SOCKET_CONFIGS), read(TLS_CONFIGS));
	}

	@SuppressWarnings("unchecked")
	private <T> @Nullable T read(String name) {
		try {
			Field field = PoolingHttpClientConnectionManagerBuilder.class.getDeclaredField(name);
			field.setAccessible(true);
			return (T) field.get(this);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			log.warn(MessageLines
				.of(("The settings of PoolingHttpClientConnectionManagerBuilder cannot be read in this version of "
						+ "HttpClient. Its socket and TLS configurations have no effect on the pool '%s' (%s)")
					.formatted(this.name, Exceptions.messageOrType(ex))));
			return null;
		}
	}

	@Override
	protected HttpClientConnectionOperator createConnectionOperator(@Nullable SchemePortResolver portResolver,
			@Nullable DnsResolver dnsResolver, TlsSocketStrategy tlsStrategy) {
		PoolContext pool = Objects.requireNonNull(this.pool);
		DnsResolver unfiltered = (dnsResolver != null) ? dnsResolver : SystemDefaultDnsResolver.INSTANCE;
		DnsResolver resolver = this.dnsFilter.apply(unfiltered);
		// The pool resolves names itself if a filter must see the addresses, or if a
		// customizer has set a resolver.
		boolean resolvesNames = resolver != unfiltered || unfiltered != SystemDefaultDnsResolver.INSTANCE;
		this.connector = new Connector(pool, (portResolver != null) ? portResolver : DefaultSchemePortResolver.INSTANCE,
				resolver, new SocksRoute(new AddressLookup(unfiltered, pool.lookups()), resolvesNames), tlsStrategy);
		return super.createConnectionOperator(portResolver, dnsResolver, tlsStrategy);
	}

}
