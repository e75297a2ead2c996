package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Calls of OkHttp.
 */
final class OkHttp implements ComparedClient {

	private final OkHttpClient client;

	OkHttp(int maxConnections) {
		this.client = new OkHttpClient.Builder().connectionPool(new ConnectionPool(maxConnections, 1, TimeUnit.MINUTES))
			.build();
	}

	@Override
	public byte[] bytes(URI uri) throws IOException {
		try (Response response = get(uri)) {
			return response.body().bytes();
		}
	}

	@Override
	public String text(URI uri) throws IOException {
		try (Response response = get(uri)) {
			return response.body().string();
		}
	}

	@Override
	public long ignore(URI uri) throws IOException {
		return ComparedClient.timeClose(get(uri));
	}

	private Response get(URI uri) throws IOException {
		return this.client.newCall(new Request.Builder().url(uri.toString()).build()).execute();
	}

	@Override
	public void close() {
		this.client.connectionPool().evictAll();
		this.client.dispatcher().executorService().shutdown();
	}

}
