package io.github.httppool.autoconfigure;

import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Auto-configuration for the shared HTTP connection pool.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpClientAutoConfiguration.class, before = ImperativeHttpClientAutoConfiguration.class)
@ConditionalOnClass({ HttpClientBuilder.class, HttpComponentsClientHttpRequestFactory.class,
		ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HttpPoolProperties.class)
@Import({ HttpPoolShutdown.PlaceRegistrar.class, ServletShutdownConfiguration.class })
@ImportRuntimeHints(HttpPoolRuntimeHints.class)
public final class HttpPoolAutoConfiguration {

	@Bean
	@ConfigurationPropertiesBinding
	static EmptyPool emptyPool() {
		return new EmptyPool();
	}

	@Bean
	static HttpPoolShutdown httpPoolShutdown() {
		return new HttpPoolShutdown();
	}

	@Bean
	SharedPools httpPools(HttpPoolShutdown shutdown, Environment environment,
			ObjectProvider<HttpClientSettings> httpClientSettings, ObjectProvider<HttpPoolListener> listeners,
			ObjectProvider<HttpPoolCustomizer> customizers,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers,
			ObjectProvider<SslBundles> sslBundles) {
		HttpClientVersions.check(getClass().getClassLoader());
		List<ConfiguredPool> pools = ConfiguredPools.of(environment);
		PropertyWarnings.log(pools, environment);
		SharedPools shared = new SharedPools(pools, httpClientSettings.getIfAvailable(HttpClientSettings::defaults),
				listeners.orderedStream().toList(), new BootConnections(builderCustomizers.orderedStream().toList()),
				customizers.orderedStream().toList(), sslBundles.getIfAvailable());
		shutdown.add(shared);
		return shared;
	}

	@Bean
	PooledRequestFactories pooledRequestFactories(SharedPools httpPools,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers) {
		return new PooledRequestFactories(httpPools, builderCustomizers.orderedStream().toList());
	}

	@Bean
	HttpPoolLifecycle httpPoolLifecycle(SharedPools httpPools, PooledRequestFactories pooledRequestFactories,
			ConfigurableApplicationContext context) {
		return new HttpPoolLifecycle(httpPools, new PoolWarmUps(httpPools, pooledRequestFactories), context);
	}

	@Bean
	@ConditionalOnMissingBean(ClientHttpRequestFactoryBuilder.class)
	@Conditional(OnPooledFactoryCondition.class)
	ClientHttpRequestFactoryBuilder<?> pooledClientHttpRequestFactoryBuilder(
			PooledRequestFactories pooledRequestFactories) {
		return new PooledClientHttpRequestFactoryBuilder(pooledRequestFactories);
	}

}
