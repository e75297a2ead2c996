package io.github.httppool.benchmarks.fork;

import java.io.Serializable;
import java.net.URI;
import java.util.List;

import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.measure.Load;

/**
 * What a fork is asked to measure.
 *
 * @param client the client; opened at its first measurement
 * @param operation the operation of each call
 * @param uris the addresses that are called
 * @param load the load
 */
record Measurement(ClientSpec client, Operation operation, List<URI> uris, Load load) implements Serializable {

	private static final long serialVersionUID = 1;

}
