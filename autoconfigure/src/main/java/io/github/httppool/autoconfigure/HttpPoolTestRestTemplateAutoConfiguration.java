package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.resttestclient.TestRestTemplate.HttpClientOption;
import org.springframework.boot.test.http.server.LocalTestWebServer;
import org.springframework.boot.test.http.server.LocalTestWebServer.Scheme;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the {@link TestRestTemplate} of a test that calls its own
 * server. Spring Boot lets it trust a self-signed certificate only over a request factory
 * builder of its own class, so the template gets the one that Spring Boot would have used
 * without a pool. It takes no connection from the application that it tests.
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
			builder = builder.requestFactoryBuilder(PooledRequestFactories
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
