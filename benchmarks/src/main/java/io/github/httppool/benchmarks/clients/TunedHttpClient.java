package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * HttpClient 5 as a careful user configures it: with limits and timeouts. Itself, it
 * makes calls without Spring.
 *
 * @param client the client
 * @param connections its pool
 */
record TunedHttpClient(CloseableHttpClient client,
		PoolingHttpClientConnectionManager connections) implements ComparedClient {

	static TunedHttpClient open(ClientSpec spec, PoolConcurrencyPolicy policy) {
		return open(spec, PoolingHttpClientConnectionManagerBuilder.create().setPoolConcurrencyPolicy(policy),
				connectionConfig());
	}

	/**
	 * Open a client whose pool checks connections before each lease as our pool does,
	 * without waiting.
	 */
	static TunedHttpClient checked(ClientSpec spec) {
		return open(spec, PoolingHttpClientConnectionManagerBuilder.create().setConnectionFactory((socket) -> {
			CheckedConnection connection = new CheckedConnection();
			if (socket != null) {
				connection.bind(socket);
			}
			return connection;
		}), connectionConfig().setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS));
	}

	private static ConnectionConfig.Builder connectionConfig() {
		return ConnectionConfig.custom()
			.setConnectTimeout(Timeout.ofSeconds(2))
			.setSocketTimeout(Timeout.ofSeconds(30));
	}

	private static TunedHttpClient open(ClientSpec spec, PoolingHttpClientConnectionManagerBuilder builder,
			ConnectionConfig.Builder config) {
		PoolingHttpClientConnectionManager connections = builder.setMaxConnTotal(spec.maxConnections())
			.setMaxConnPerRoute(spec.maxConnections())
			.setDefaultConnectionConfig(config.build())
			.build();
		return new TunedHttpClient(HttpClients.custom()
			.setConnectionManager(connections)
			.setDefaultRequestConfig(RequestConfig.custom()
				.setConnectionRequestTimeout(Timeout.ofSeconds(2))
				.setResponseTimeout(Timeout.ofSeconds(30))
				.build())
			.build(), connections);
	}

	SpringClient withSpring(ClientSpec spec) {
		return SpringClient.of(spec, new HttpComponentsClientHttpRequestFactory(this.client), this::connections,
				this::close);
	}

	@Override
	public byte[] bytes(URI uri) throws IOException {
		return this.client.execute(new HttpGet(uri), (response) -> EntityUtils.toByteArray(response.getEntity()));
	}

	@Override
	public String text(URI uri) throws IOException {
		return this.client.execute(new HttpGet(uri),
				(response) -> EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8));
	}

	@Override
	public long ignore(URI uri) throws IOException {
		return ComparedClient.timeClose(this.client.executeOpen(null, new HttpGet(uri), null));
	}

	@Override
	public void close() {
		this.client.close(CloseMode.IMMEDIATE);
	}

	/**
	 * A connection that is stale if bytes are waiting. HttpClient's own check waits for a
	 * millisecond.
	 */
	private static final class CheckedConnection extends DefaultManagedHttpClientConnection {

		CheckedConnection() {
			super("checked");
		}

		@Override
		public boolean isStale() throws IOException {
			return !isOpen() || getSocket().getInputStream().available() > 0;
		}

	}

}
