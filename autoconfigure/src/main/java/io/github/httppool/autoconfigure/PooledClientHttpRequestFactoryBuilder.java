package io.github.httppool.autoconfigure;

import java.util.function.Function;

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

	private final Function<HttpClientSettings, HttpComponentsClientHttpRequestFactory> factories;

	PooledClientHttpRequestFactoryBuilder(
			Function<HttpClientSettings, HttpComponentsClientHttpRequestFactory> factories) {
		this.factories = factories;
	}

	@Override
	public HttpComponentsClientHttpRequestFactory build(@Nullable HttpClientSettings settings) {
		return this.factories.apply((settings != null) ? settings : HttpClientSettings.defaults());
	}

}
