package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;

import org.springframework.web.client.RestClient;

/**
 * Calls through a {@code RestClient} of Spring.
 *
 * @param restClient the client
 * @param owner what is closed with it
 */
public record SpringClient(RestClient restClient, Runnable owner) implements ComparedClient {

	/** Spring has no body where there are no bytes. */
	private static final byte[] NOTHING = {};

	/**
	 * Call through a client that somebody else closes.
	 * @param restClient the client
	 * @return the calls
	 */
	public static SpringClient of(RestClient restClient) {
		return new SpringClient(restClient, () -> {
		});
	}

	@Override
	public byte[] bytes(URI uri) {
		return Objects.requireNonNullElse(this.restClient.get().uri(uri).retrieve().body(byte[].class), NOTHING);
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
	public void close() {
		this.owner.run();
	}

}
