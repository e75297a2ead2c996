package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import io.github.httppool.benchmarks.measure.Call;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Calls through Spring's {@code RestClient}.
 *
 * @param restClient the client
 * @param connections the pool of HttpClient below it, if there is one
 * @param owner closes the client
 */
public record SpringClient(RestClient restClient, @Nullable Supplier<HttpClientConnectionManager> connections,
		Runnable owner) implements ComparedClient {

	/** Spring returns no body if it is empty. */
	private static final byte[] EMPTY = {};

	/**
	 * Make calls through a client that is closed by its owner.
	 * @param restClient the client
	 * @return the calls
	 */
	public static SpringClient of(RestClient restClient) {
		return new SpringClient(restClient, null, () -> {
		});
	}

	static SpringClient of(ClientSpec spec, ClientHttpRequestFactory factory,
			@Nullable Supplier<HttpClientConnectionManager> connections, Runnable owner) {
		RestClient client = RestClient.builder()
			.requestFactory(factory)
			.observationRegistry(Observations.registryFor(spec))
			.build();
		return new SpringClient(client, connections, owner);
	}

	@Override
	public byte[] bytes(URI uri) {
		return Objects.requireNonNullElse(this.restClient.get().uri(uri).retrieve().body(byte[].class), EMPTY);
	}

	@Override
	public String text(URI uri) {
		return Objects.requireNonNullElse(this.restClient.get().uri(uri).retrieve().body(String.class), "");
	}

	@Override
	public long ignore(URI uri) throws IOException {
		return Objects.requireNonNull(this.restClient.get()
			.uri(uri)
			.exchange((request, response) -> ComparedClient.timeClose(response), false));
	}

	@Override
	public Call leases(List<URI> uris) {
		if (this.connections == null) {
			return ComparedClient.super.leases(uris);
		}
		// The pool is opened by the first call.
		bytes(uris.get(0));
		return new Leases(this.connections.get(), uris);
	}

	@Override
	public void close() {
		this.owner.run();
	}

}
