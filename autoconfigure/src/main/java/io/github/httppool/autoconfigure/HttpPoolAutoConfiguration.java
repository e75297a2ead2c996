package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPools;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Auto-configuration for the shared HTTP connection pool.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpClientAutoConfiguration.class)
@ConditionalOnClass({ HttpClientBuilder.class, HttpComponentsClientHttpRequestFactory.class,
		ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(HttpPools.class)
@EnableConfigurationProperties(HttpPoolProperties.class)
@ImportRuntimeHints(HttpPoolRuntimeHints.class)
public final class HttpPoolAutoConfiguration {

	@Bean
	@ConfigurationPropertiesBinding
	static EmptyPool emptyPool() {
		return new EmptyPool();
	}

	@Bean(destroyMethod = "shutDown")
	SharedPools httpPools(Environment environment, ObjectProvider<HttpClientSettings> httpClientSettings,
			ObjectProvider<HttpPoolListener> listeners, ObjectProvider<HttpPoolCustomizer> customizers,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers,
			ObjectProvider<SslBundles> sslBundles) {
		HttpClientVersions.check(getClass().getClassLoader());
		List<ConfiguredPool> pools = ConfiguredPools.of(environment);
		PropertyWarnings.log(pools, environment);
		return new SharedPools(pools, httpClientSettings.getIfAvailable(HttpClientSettings::defaults),
				listeners.orderedStream().toList(), new BootConnections(builderCustomizers.orderedStream().toList()),
				customizers.orderedStream().toList(), sslBundles.getIfAvailable());
	}

	@Bean
	PooledRequestFactories pooledRequestFactories(SharedPools httpPools,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers) {
		return new PooledRequestFactories(httpPools, builderCustomizers.orderedStream().toList());
	}

	@Bean
	HttpPoolLifecycle httpPoolLifecycle(SharedPools httpPools, PooledRequestFactories pooledRequestFactories,
			Environment environment) {
		Duration timeout = Binder.get(environment)
			.bind("spring.lifecycle.timeout-per-shutdown-phase", Duration.class)
			.orElse(Duration.ofSeconds(30));
		return new HttpPoolLifecycle(httpPools, new PoolWarmUps(httpPools, pooledRequestFactories), timeout);
	}

	@Bean
	static FallbackRequestFactoryBuilder pooledRequestFactoryBuilderFallback(Environment environment) {
		return new FallbackRequestFactoryBuilder(environment);
	}

}
