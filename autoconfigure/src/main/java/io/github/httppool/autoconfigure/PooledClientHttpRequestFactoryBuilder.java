package io.github.httppool.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * The builder behind every {@code RestClient.Builder}, {@code RestTemplateBuilder} and
 * HTTP service group.
 */
final class PooledClientHttpRequestFactoryBuilder
		implements ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> {

	private static final String USER = "Spring Boot's clients";

	private final PooledRequestFactories factories;

	PooledClientHttpRequestFactoryBuilder(PooledRequestFactories factories) {
		this.factories = factories;
	}

	@Override
	public HttpComponentsClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
		return this.factories.create((settings != null) ? settings : HttpClientSettings.defaults(), USER);
	}

}
