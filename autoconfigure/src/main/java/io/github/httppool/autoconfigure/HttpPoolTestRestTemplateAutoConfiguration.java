package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.resttestclient.TestRestTemplate.HttpClientOption;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.test.http.server.LocalTestWebServer.Scheme;
import org.springframework.boot.test.http.server.LocalTestWebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the {@link TestRestTemplate} of a test that calls its own
 * server. With Spring Boot, it trusts a self-signed certificate only if the request
 * factory builder has Spring Boot's own class. The template therefore gets the builder
 * that Spring Boot uses without a pool. It uses no connection of the application under
 * test.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		beforeName = "org.springframework.boot.resttestclient.autoconfigure.TestRestTemplateTestAutoConfiguration")
@ConditionalOnClass({ TestRestTemplate.class, RestTemplateBuilder.class })
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
public final class HttpPoolTestRestTemplateAutoConfiguration {

	@Bean(name = "org.springframework.boot.resttestclient.TestRestTemplate")
	@ConditionalOnMissingBean
	TestRestTemplate testRestTemplate(ObjectProvider<RestTemplateBuilder> builders,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> customizers, ApplicationContext context) {
		RestTemplateBuilder builder = builders.getIfAvailable(RestTemplateBuilder::new);
		if (builder.requestFactoryBuilder() instanceof PooledClientHttpRequestFactoryBuilder) {
			builder = builder.requestFactoryBuilder(BootConnections
				.customize(ClientHttpRequestFactoryBuilder.httpComponents(), customizers.orderedStream().toList()));
		}
		LocalTestWebServer server = LocalTestWebServer.obtain(context);
		TestRestTemplate template = new TestRestTemplate(builder, null, null, options(server.scheme()));
		template.setUriTemplateHandler(server.uriBuilderFactory());
		return template;
	}

	private static HttpClientOption[] options(Scheme scheme) {
		return (scheme == Scheme.HTTPS) ? new HttpClientOption[] { HttpClientOption.SSL } : new HttpClientOption[0];
	}

}
