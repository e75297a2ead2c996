package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.httppool.HttpPool;
import io.github.httppool.client.PooledRequestFactory;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.hc5.PoolWarmUp;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Creates Spring's request factories that use the pools. Uses Spring Boot's own builder
 * and its customizers, and only replaces the connection manager.
 */
final class PooledRequestFactories {

	private static final Logger log = LoggerFactory.getLogger(PooledRequestFactories.class);

	private final SharedPools pools;

	private final PoolCollaborators collaborators;

	private final AtomicBoolean warned = new AtomicBoolean();

	PooledRequestFactories(SharedPools pools, PoolCollaborators collaborators) {
		this.pools = pools;
		this.collaborators = collaborators;
	}

	/**
	 * Return whether the properties describe a further pool of this name.
	 */
	boolean hasFurther(String pool) {
		return this.pools.hasFurther(pool);
	}

	/**
	 * Return the configured pool of this name, with its variants.
	 */
	PoolVariants variants(String pool) {
		return this.pools.variants(pool);
	}

	/**
	 * Create a factory that uses the shared pool. Each caller gets a new one, because
	 * callers modify it.
	 */
	HttpComponentsClientHttpRequestFactory create(HttpClientSettings settings, String user) {
		return create(variants(HttpPool.DEFAULT_NAME), settings, user);
	}

	/**
	 * Create a new factory for each caller, because callers modify it. It opens the pool
	 * on its first request, because the application may replace the factory before that.
	 * As in Spring Boot's own builder, this method reads the SSL bundle and runs the
	 * customizers immediately, so that their errors fail startup.
	 * @param user the client, as the log shows it
	 */
	HttpComponentsClientHttpRequestFactory create(PoolVariants variants, HttpClientSettings settings, String user) {
		HttpComponentsClientHttpRequestFactory factory = make(variants, settings, user);
		if (factory instanceof PooledRequestFactory pooled) {
			pooled.setOfSharedPool(HttpPool.DEFAULT_NAME.equals(variants.configured.name()));
		}
		return factory;
	}

	private HttpComponentsClientHttpRequestFactory make(PoolVariants variants, HttpClientSettings settings,
			String user) {
		boolean customized = !this.collaborators.builderCustomizers().isEmpty();
		if (!customized && settings.sslBundle() == null) {
			return new PooledRequestFactory(() -> build(variants, settings, user).getHttpClient());
		}
		HttpComponentsClientHttpRequestFactory built = build(variants, settings, user);
		return customized ? PooledRequestFactory.like(built) : new PooledRequestFactory(built.getHttpClient());
	}

	private HttpComponentsClientHttpRequestFactory build(PoolVariants variants, HttpClientSettings settings,
			String user) {
		HttpClientPool pool = this.pools.poolFor(variants, settings, user);
		return build(pool, settings, pool::attach);
	}

	/**
	 * Create the builder whose clients use the shared pool.
	 */
	ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> requestFactoryBuilder() {
		return new PooledClientHttpRequestFactoryBuilder((settings) -> create(settings, "Spring Boot's clients"));
	}

	/**
	 * Create the client that opens connections at startup, configured like the others.
	 */
	HttpClient createClient(HttpClientPool pool, HttpClientSettings settings, PoolWarmUp warmUp) {
		return build(pool, settings, (client) -> {
			pool.attach(client);
			warmUp.attach(client);
		}).getHttpClient();
	}

	private HttpComponentsClientHttpRequestFactory build(HttpClientPool pool, HttpClientSettings settings,
			Consumer<HttpClientBuilder> lastWord) {
		HttpComponentsClientHttpRequestFactoryBuilder[] customized = new HttpComponentsClientHttpRequestFactoryBuilder[1];
		HttpComponentsClientHttpRequestFactoryBuilder builder = ClientHttpRequestFactoryBuilder.httpComponents()
			.withTlsSocketStrategyFactory(BootConnections.NO_TLS)
			.withDefaultRequestConfigCustomizer(
					(requests) -> configureRequests(requests, pool, settings, customized[0]))
			.withHttpClientCustomizer((client) -> pool.configureClient(client,
					SettingsSinceBoot41.keepsCookies(settings), settings.redirects() != HttpRedirects.DONT_FOLLOW));
		customized[0] = BootConnections.customize(builder, this.collaborators.builderCustomizers());
		return customized[0].withHttpClientCustomizer(lastWord).build(withoutConnectionSettings(settings));
	}

	private void configureRequests(RequestConfig.Builder requests, HttpClientPool pool, HttpClientSettings settings,
			HttpComponentsClientHttpRequestFactoryBuilder customized) {
		pool.configureRequests(requests);
		ConnectionConfig.Builder timeouts = ConnectionConfig.custom();
		timeout(settings.readTimeout(), timeouts::setSocketTimeout);
		timeout(settings.connectTimeout(), timeouts::setConnectTimeout);
		if (BootConnections.configureRequests(customized, timeouts, requests)
				&& this.warned.compareAndSet(false, true)) {
			log.warn(MessageLines
				.of("A ClientHttpRequestFactoryBuilderCustomizer sets a time to live, an idle timeout or a "
						+ "validation in a ConnectionConfig, without effect. The pool owns its connections: use "
						+ "http-pool.time-to-live, http-pool.idle-timeout or http-pool.validate-after-inactivity"));
		}
	}

	private static void timeout(@Nullable Duration timeout, Consumer<Timeout> setter) {
		if (timeout != null) {
			setter.accept(Timeout.of(timeout));
		}
	}

	private static HttpClientSettings withoutConnectionSettings(HttpClientSettings settings) {
		return SettingsSinceBoot41.withoutAddressFilter(settings).withSslBundle(null).withTimeouts(null, null);
	}

}
