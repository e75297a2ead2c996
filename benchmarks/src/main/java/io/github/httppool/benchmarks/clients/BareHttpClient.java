package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;

/**
 * Calls of HttpClient 5, without Spring.
 *
 * @param client the client
 */
record BareHttpClient(CloseableHttpClient client) implements ComparedClient {

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

}
