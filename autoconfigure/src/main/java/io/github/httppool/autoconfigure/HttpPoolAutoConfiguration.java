package io.github.httppool.autoconfigure;

import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.properties.ConfiguredPool;
import io.github.httppool.autoconfigure.properties.ConfiguredPools;
import io.github.httppool.autoconfigure.properties.EmptyPool;
import io.github.httppool.autoconfigure.properties.HttpPoolProperties;
import io.github.httppool.autoconfigure.properties.PropertyWarnings;
import org.apache.hc.client5.http.impl.classic.HttpClients;

import org.springframework.beans.factory.BeanFactory;
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
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Auto-configuration for the shared HTTP connection pool.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpClientAutoConfiguration.class)
@ConditionalOnClass({ HttpClients.class, HttpComponentsClientHttpRequestFactory.class,
		ClientHttpRequestFactoryBuilder.class })
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(SharedPools.class)
@EnableConfigurationProperties(HttpPoolProperties.class)
@Import({ HttpPoolShutdown.PlaceRegistrar.class, ServletShutdownConfiguration.class })
@ImportRuntimeHints(HttpPoolRuntimeHints.class)
public final class HttpPoolAutoConfiguration {

	@Bean(name = BeanNames.PREFIX + "emptyPool", autowireCandidate = false)
	@ConfigurationPropertiesBinding
	static EmptyPool emptyPool() {
		return new EmptyPool();
	}

	@Bean(name = BeanNames.PREFIX + "unpooledBeans", autowireCandidate = false)
	static UnpooledBeans httpPoolUnpooledBeans(Environment environment, BeanFactory beans) {
		return new UnpooledBeans(environment, beans);
	}

	@Bean(BeanNames.PREFIX + "collaborators")
	PoolCollaborators httpPoolCollaborators(ObjectProvider<HttpClientSettings> httpClientSettings,
			ObjectProvider<HttpPoolListener> listeners, ObjectProvider<HttpPoolCustomizer> customizers,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers, BeanFactory beans) {
		if (beans.containsBean(BeanNames.METRICS)) {
			// Create the bean before the first call. During the call, its
			// thread would wait for a lock of Spring, and the owner of the lock
			// may wait for that call.
			beans.getBean(BeanNames.METRICS);
		}
		// Read the settings now, because the first call may occur
		// while the context closes.
		return new PoolCollaborators(httpClientSettings.getIfAvailable(HttpClientSettings::defaults), listeners,
				customizers, builderCustomizers);
	}

	@Bean(BeanNames.PREFIX + "shutdown")
	static HttpPoolShutdown httpPoolShutdown() {
		return new HttpPoolShutdown();
	}

	@Bean(BeanNames.PREFIX + "sharedPools")
	SharedPools sharedHttpPools(HttpPoolShutdown shutdown, Environment environment, BeanFactory beans,
			PoolCollaborators collaborators, ObjectProvider<SslBundles> sslBundles) {
		HttpClientVersions.check(getClass().getClassLoader());
		List<ConfiguredPool> pools = ConfiguredPools.of(environment);
		boolean usedByDefault = beans.containsBean(FallbackRequestFactoryBuilder.NAME);
		PropertyWarnings.log(pools, environment, usedByDefault);
		SharedPools shared = new SharedPools(pools, usedByDefault, collaborators, sslBundles.getIfAvailable());
		shutdown.add(shared);
		return shared;
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean(value = HttpPools.class, name = "httpPools")
	HttpPools httpPools(SharedPools pools) {
		return pools.view();
	}

	@Bean(BeanNames.FACTORIES)
	PooledRequestFactories pooledRequestFactories(SharedPools pools, PoolCollaborators collaborators) {
		return new PooledRequestFactories(pools, collaborators);
	}

	@Bean(name = BeanNames.PREFIX + "lifecycle", autowireCandidate = false)
	HttpPoolLifecycle httpPoolLifecycle(SharedPools pools, ObjectProvider<PoolWarmUps> warmUps,
			ConfigurableApplicationContext context) {
		return new HttpPoolLifecycle(pools, warmUps, context);
	}

	@Bean(BeanNames.PREFIX + "requestFactoryBuilderFallback")
	static FallbackRequestFactoryBuilder pooledRequestFactoryBuilderFallback(Environment environment) {
		return new FallbackRequestFactoryBuilder(environment);
	}

}
