package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.github.httppool.benchmarks.measure.Call;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Lease and release of connections, without an exchange. Connections are opened by the
 * first leases only.
 */
final class Leases implements Call {

	private static final Timeout TIMEOUT = Timeout.ofSeconds(5);

	private static final TimeValue KEEP_ALIVE = TimeValue.ofMinutes(1);

	private final HttpClientConnectionManager connections;

	private final HttpRoute[] routes;

	Leases(HttpClientConnectionManager connections, List<URI> uris) {
		this.connections = connections;
		this.routes = uris.stream()
			.map((uri) -> new HttpRoute(new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort())))
			.toArray(HttpRoute[]::new);
	}

	@Override
	public void make(int number) throws IOException {
		try {
			ConnectionEndpoint endpoint = this.connections
				.lease("lease", this.routes[number % this.routes.length], TIMEOUT, null)
				.get(TIMEOUT);
			if (!endpoint.isConnected()) {
				this.connections.connect(endpoint, TIMEOUT, HttpClientContext.create());
			}
			this.connections.release(endpoint, null, KEEP_ALIVE);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new IOException(ex);
		}
	}

}
