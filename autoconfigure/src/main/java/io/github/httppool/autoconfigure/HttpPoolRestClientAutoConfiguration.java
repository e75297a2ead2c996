package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;

/**
 * Auto-configuration for the shared {@link RestClient}, and for the clients and HTTP
 * service groups of further pools.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration")
@ConditionalOnClass(RestClient.class)
@ConditionalOnBean(PooledRequestFactories.class)
@Import(NamedClientsRegistrar.class)
public final class HttpPoolRestClientAutoConfiguration {

	@Bean
	NamedClients namedPoolClients(PooledRequestFactories factories, ListableBeanFactory beans) {
		return new NamedClients(factories, new ClientBuilders(beans));
	}

	@Bean
	@ConditionalOnMissingBean
	RestClient pooledRestClient(ListableBeanFactory beans, PooledRequestFactories factories,
			ObjectProvider<HttpClientSettings> httpClientSettings) {
		// Also where the application's builders use another factory.
		return new ClientBuilders(beans).newBuilder()
			.requestFactory(factories.create(httpClientSettings.getIfAvailable(HttpClientSettings::defaults)))
			.build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RestClientHttpServiceGroupConfigurer.class, HttpServiceClientProperties.class })
	static class ServiceGroups {

		@Bean
		NamedServiceGroups namedPoolServiceGroups(PooledRequestFactories factories,
				ObjectProvider<HttpServiceClientProperties> properties, ObjectProvider<SslBundles> sslBundles) {
			return new NamedServiceGroups(factories, properties.getIfAvailable(), sslBundles.getIfAvailable());
		}

	}

}
