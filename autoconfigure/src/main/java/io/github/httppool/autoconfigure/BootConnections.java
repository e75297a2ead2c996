package io.github.httppool.autoconfigure;

import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.findings.MessageLines;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.io.SocketConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsHttpClientBuilder.TlsSocketStrategyFactory;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.util.LambdaSafe;
import org.springframework.util.ReflectionUtils;

/**
 * Applies the connection settings (DNS, sockets, TLS) of an application's
 * {@link ClientHttpRequestFactoryBuilderCustomizer}s to the connections of the pools.
 * Spring Boot applies them to its own connection manager, which the pool replaces, so
 * they would be lost. They can only be read from Spring Boot's builder by reflection.
 */
final class BootConnections implements HttpPoolCustomizer {

	private static final Logger log = LoggerFactory.getLogger(BootConnections.class);

	// Fields of Spring Boot's builders

	static final String BUILDER = "httpClientBuilder";

	static final String TLS = "tlsSocketStrategyFactory";

	static final String SOCKETS = "socketConfigCustomizer";

	static final String DNS = "dnsResolver";

	static final String MANAGER = "connectionManagerCustomizer";

	static final String CONFIG = "connectionConfigCustomizer";

	/**
	 * Only for Spring Boot's own connection manager, which is not used.
	 */
	static final TlsSocketStrategyFactory NO_TLS = (sslBundle) -> (socket, target, port, attachment, context) -> {
		throw new IllegalStateException("This connection manager is not used");
	};

	/**
	 * Spring Boot's inner builder, or {@code null} if there are no customizers.
	 */
	private final @Nullable Object builder;

	BootConnections(List<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
		this.builder = customizers.isEmpty() ? null
				: read(customize(ClientHttpRequestFactoryBuilder.httpComponents().withTlsSocketStrategyFactory(NO_TLS),
						customizers), BUILDER);
	}

	/**
	 * Return the TLS strategy that a customizer has set.
	 * @return the strategy, or {@code null} if no customizer has set one
	 */
	@Nullable TlsSocketStrategy tlsStrategy(@Nullable SslBundle sslBundle) {
		Object factory = (this.builder != null) ? read(this.builder, TLS) : null;
		return (factory != null && factory != NO_TLS)
				? ((TlsSocketStrategyFactory) factory).getTlsSocketStrategy(sslBundle) : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
		if (this.builder == null) {
			return;
		}
		Object sockets = read(this.builder, SOCKETS);
		if (sockets != null) {
			SocketConfig.Builder socketConfig = SocketConfig.custom();
			((Consumer<SocketConfig.Builder>) sockets).accept(socketConfig);
			connections.setDefaultSocketConfig(socketConfig.build());
		}
		Object dnsResolver = SettingsSinceBoot41.PRESENT ? read(this.builder, DNS) : null;
		if (dnsResolver != null && dnsResolver != SystemDefaultDnsResolver.INSTANCE) {
			connections.setDnsResolver((DnsResolver) dnsResolver);
		}
		Object customizer = read(this.builder, MANAGER);
		if (customizer != null) {
			((Consumer<PoolingHttpClientConnectionManagerBuilder>) customizer).accept(connections);
		}
	}

	/**
	 * Apply the connection timeouts of customizers to the requests of a client, because
	 * all clients of the pool share its connections.
	 * @param customized Spring Boot's builder after its customizers
	 * @param timeouts the timeouts in the settings of the client
	 * @param requests the builder of its default request configuration
	 * @return whether customizers have other connection settings, which have no effect
	 */
	@SuppressWarnings({ "unchecked", "deprecation" })
	static boolean configureRequests(HttpComponentsClientHttpRequestFactoryBuilder customized,
			ConnectionConfig.Builder timeouts, RequestConfig.Builder requests) {
		Object builder = read(customized, BUILDER);
		Object customizer = (builder != null) ? read(builder, CONFIG) : null;
		if (customizer != null) {
			((Consumer<ConnectionConfig.Builder>) customizer).accept(timeouts);
		}
		ConnectionConfig config = timeouts.build();
		if (config.getConnectTimeout() != ConnectionConfig.DEFAULT.getConnectTimeout()) {
			requests.setConnectTimeout(config.getConnectTimeout());
		}
		if (config.getSocketTimeout() != null) {
			requests.setResponseTimeout(config.getSocketTimeout());
		}
		return config.getTimeToLive() != null || config.getIdleTimeout() != null
				|| config.getValidateAfterInactivity() != null;
	}

	/**
	 * Apply customizers to Spring Boot's builder.
	 * @return the customized builder
	 */
	@SuppressWarnings("unchecked")
	static HttpComponentsClientHttpRequestFactoryBuilder customize(
			HttpComponentsClientHttpRequestFactoryBuilder builder,
			List<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers) {
		HttpComponentsClientHttpRequestFactoryBuilder[] customized = { builder };
		LambdaSafe.callbacks(ClientHttpRequestFactoryBuilderCustomizer.class, customizers, builder)
			.invoke((customizer) -> customized[0] = (HttpComponentsClientHttpRequestFactoryBuilder) customizer
				.customize(customized[0]));
		return customized[0];
	}

	private static @Nullable Object read(Object target, String name) {
		Field field = ReflectionUtils.findField(target.getClass(), name);
		if (field == null) {
			log.warn(MessageLines
				.of(("Connection settings of ClientHttpRequestFactoryBuilderCustomizers may have no effect with "
						+ "this version of Spring Boot. %s has no '%s'; use an HttpPoolCustomizer instead")
					.formatted(target.getClass().getName(), name)));
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, target);
	}

}
