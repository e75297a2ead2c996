package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.client.RestTemplate;

/**
 * Auto-configuration for the shared {@link RestTemplate}. In a class of its own, because
 * Spring Boot and Spring Framework are about to drop what it needs.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration")
@ConditionalOnClass(RestTemplate.class)
@ConditionalOnBean(PooledRequestFactories.class)
public final class HttpPoolRestTemplateAutoConfiguration {

	private static final String BUILDER = "org.springframework.boot.restclient.RestTemplateBuilder";

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = BUILDER)
	@ConditionalOnMissingBean(RestTemplate.class)
	static class WithBuilder {

		@Bean
		@Lazy
		RestTemplate pooledRestTemplate(ObjectProvider<RestTemplateBuilder> builders, PooledRequestFactories factories,
				ObjectProvider<HttpClientSettings> httpClientSettings) {
			RestTemplateBuilder builder = builders.getIfUnique(() -> new RestTemplateBuilder()
				.clientSettings(httpClientSettings.getIfAvailable(HttpClientSettings::defaults)));
			// Also where the application's builders use another factory.
			return builder.requestFactoryBuilder(new PooledClientHttpRequestFactoryBuilder(factories)).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass(BUILDER)
	@ConditionalOnMissingBean(RestTemplate.class)
	static class WithoutBuilder {

		@Bean
		@Lazy
		RestTemplate pooledRestTemplate(PooledRequestFactories factories,
				ObjectProvider<HttpClientSettings> httpClientSettings) {
			return new RestTemplate(factories.create(httpClientSettings.getIfAvailable(HttpClientSettings::defaults)));
		}

	}

}
