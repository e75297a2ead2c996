package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Calls of OkHttp.
 */
class OkHttp implements ComparedClient {

	private final OkHttpClient client;

	OkHttp(ClientSpec spec) {
		this.client = new OkHttpClient.Builder()
			.connectionPool(new ConnectionPool(spec.maxConnections(), 1, TimeUnit.MINUTES))
			.build();
	}

	final Dispatcher dispatcher() {
		return this.client.dispatcher();
	}

	@Override
	public byte[] bytes(URI uri) throws IOException {
		return get(uri, (response) -> response.body().bytes());
	}

	@Override
	public String text(URI uri) throws IOException {
		return get(uri, (response) -> response.body().string());
	}

	@Override
	public long ignore(URI uri) throws IOException {
		return get(uri, ComparedClient::timeClose);
	}

	private <T> T get(URI uri, Reading<T> reading) throws IOException {
		return execute(this.client.newCall(new Request.Builder().url(uri.toString()).build()), reading);
	}

	<T> T execute(Call call, Reading<T> reading) throws IOException {
		try (Response response = call.execute()) {
			return reading.read(response);
		}
	}

	@Override
	public void close() {
		this.client.connectionPool().evictAll();
		this.client.dispatcher().executorService().shutdown();
	}

	/**
	 * Reads a response.
	 *
	 * @param <T> the type of the result
	 */
	interface Reading<T> {

		T read(Response response) throws IOException;

	}

}
