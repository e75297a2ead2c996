package io.github.httppool.benchmarks.meters;

import java.util.List;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * A {@code RestClient} on a pool of its own, as the starter makes it, without what an
 * application adds.
 */
final class PooledClient implements AutoCloseable {

	private final HttpClientPool pool;

	private final RestClient client;

	PooledClient(List<HttpPoolListener> listeners) {
		this.pool = new HttpClientPool("default", HttpPoolSettings.builder().build(), listeners, List.of(), null, null);
		RequestConfig.Builder requests = RequestConfig.custom();
		this.pool.configureRequests(requests);
		HttpClientBuilder builder = HttpClientBuilder.create().setDefaultRequestConfig(requests.build());
		this.pool.configureClient(builder, false, true);
		this.pool.attach(builder);
		this.client = RestClient.builder()
			.requestFactory(new HttpComponentsClientHttpRequestFactory(builder.build()))
			.build();
	}

	RestClient restClient() {
		return this.client;
	}

	@Override
	public void close() {
		this.pool.shutDown();
	}

}
