package io.github.httppool;

import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * Has the last word on the HttpClient builders of a pool, for what has no property: a DNS
 * resolver, a TLS strategy, socket options, interceptors, a user agent. Declare it as a
 * bean; several apply in their order.
 * <p>
 * The guarantees of the pool depend on some settings, which a customizer cannot change:
 * the connection factory, the concurrency policy and the connection configuration of the
 * connection manager, and the connection manager of the client, with its eviction. Limits
 * and timeouts have properties. All other settings on the builder of a client apply; the
 * log warns about setters without effect.
 *
 * @since 0.1.0
 */
public interface HttpPoolCustomizer {

	/**
	 * Customize the connections of a pool. Called once for each pool.
	 * @param pool the name of the pool
	 * @param connections the builder of its connection manager
	 */
	default void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
	}

	/**
	 * Customize a client of a pool. Called for each client that is built over the pool.
	 * @param pool the name of the pool
	 * @param client the builder of the client
	 */
	default void customizeClient(String pool, HttpClientBuilder client) {
	}

}
