package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/**
 * Auto-configuration for the shared {@link RestClient}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration")
@ConditionalOnClass(RestClient.class)
@ConditionalOnBean(PooledRequestFactories.class)
public final class HttpPoolRestClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RestClient pooledRestClient(ObjectProvider<RestClient.Builder> builders, PooledRequestFactories factories,
			ObjectProvider<HttpClientSettings> httpClientSettings) {
		RestClient.Builder builder = builders.getIfUnique(RestClient::builder).clone();
		// Also where the application's builders use another factory.
		return builder.requestFactory(factories.create(httpClientSettings.getIfAvailable(HttpClientSettings::defaults)))
			.build();
	}

}
