package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestClient;

/**
 * Creates the shared {@link RestClient} and the clients of each further pool. The bean
 * definitions of {@link FallbackBean} and {@link FallbackNamedClients} call it.
 */
final class NamedClients {

	private final PooledRequestFactories factories;

	private final ClientBuilders builders;

	private final ObjectProvider<HttpClientSettings> httpClientSettings;

	NamedClients(PooledRequestFactories factories, ClientBuilders builders,
			ObjectProvider<HttpClientSettings> httpClientSettings) {
		this.factories = factories;
		this.builders = builders;
		this.httpClientSettings = httpClientSettings;
	}

	/**
	 * Create the client of the shared pool, even if the application's builders use
	 * another factory.
	 */
	RestClient sharedRestClient() {
		return this.builders
			.newBuilder(BuilderFactory::isSet,
					() -> this.factories.create(this.httpClientSettings.getIfAvailable(HttpClientSettings::defaults),
							"'pooledRestClient'"))
			.build();
	}

	/**
	 * Create the client of a pool, customized like any other client of the application.
	 */
	RestClient restClient(String pool) {
		PoolVariants variants = this.factories.variants(pool);
		RestClient.Builder builder = this.builders.newBuilder(BuilderFactory::isDecided,
				() -> this.factories.create(variants, variants.clientSettings(), "'" + pool + "RestClient'"));
		String baseUrl = variants.configured.baseUrl();
		return (StringUtils.hasText(baseUrl) ? builder.baseUrl(baseUrl) : builder).build();
	}

	/**
	 * Create the builder with which other clients use a pool, such as those of a
	 * {@code RestTemplateBuilder}.
	 */
	ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> requestFactoryBuilder(String pool) {
		PoolVariants variants = this.factories.variants(pool);
		return (settings) -> this.factories.create(variants,
				(settings != null) ? variants.complete(settings) : variants.clientSettings(),
				"'" + pool + "ClientHttpRequestFactoryBuilder'");
	}

}
