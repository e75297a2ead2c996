package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.net.URI;

import io.github.httppool.benchmarks.clients.ComparedClient;

/**
 * What is done with a client.
 */
public interface Work {

	/**
	 * Make one call.
	 * @param client the client
	 * @param uri what to get
	 * @throws IOException if it fails
	 */
	void call(ComparedClient client, URI uri) throws IOException;

}
