package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

/**
 * Auto-configuration for the shared {@link RestClient}, and for the clients and HTTP
 * service groups of further pools.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class)
@ConditionalOnClass(RestClient.class)
@ConditionalOnBean(value = PooledRequestFactories.class, search = SearchStrategy.CURRENT)
public final class HttpPoolRestClientAutoConfiguration {

	@Bean(BeanNames.CLIENTS)
	@Lazy
	NamedClients namedPoolClients(PooledRequestFactories factories, ConfigurableListableBeanFactory beans) {
		return new NamedClients(factories, new ClientBuilders(beans), beans.getBeanProvider(HttpClientSettings.class));
	}

	@Bean(BeanNames.PREFIX + "restClientFallback")
	static FallbackBean pooledRestClientFallback() {
		return new FallbackBean("pooledRestClient", ResolvableType.forClass(RestClient.class), BeanNames.CLIENTS,
				"sharedRestClient");
	}

	@Bean(BeanNames.PREFIX + "namedClientsFallback")
	static FallbackNamedClients namedPoolClientsFallback(Environment environment) {
		return new FallbackNamedClients(environment);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RestClientHttpServiceGroupConfigurer.class, HttpServiceClientProperties.class })
	static class ServiceGroups {

		@Bean(BeanNames.PREFIX + "namedServiceGroups")
		@Fallback
		NamedServiceGroups namedPoolServiceGroups(PooledRequestFactories factories,
				ObjectProvider<HttpServiceClientProperties> properties, ObjectProvider<SslBundles> sslBundles,
				ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilders) {
			return new NamedServiceGroups(factories, properties.getIfAvailable(), sslBundles.getIfAvailable(),
					requestFactoryBuilders.getIfUnique() instanceof PooledClientHttpRequestFactoryBuilder);
		}

	}

}
