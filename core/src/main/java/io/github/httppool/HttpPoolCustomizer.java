package io.github.httppool;

import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * Customizes the HttpClient builders of a pool after the pool has configured them, for
 * everything that has no property: a DNS resolver, a TLS strategy, socket options,
 * interceptors, a user agent. Declare it as a bean. Several customizers apply in the
 * order of their beans. <pre class="code">
 * &#64;Bean
 * HttpPoolCustomizer userAgent() {
 * 	return new HttpPoolCustomizer() {
 *
 * 		&#64;Override
 * 		public void customizeClient(String pool, HttpClientBuilder client) {
 * 			client.setUserAgent("orders/1.4");
 * 		}
 *
 * 	};
 * }
 * </pre>
 * <p>
 * The guarantees of the pool depend on some settings, which a customizer cannot change.
 * Of the connection manager, these are the connection factory, the concurrency policy and
 * the connection configuration; of the client, the connection manager and its eviction.
 * Limits and timeouts have properties. The pool logs a warning about setters without
 * effect.
 * <p>
 * Methods can be called in any thread, but never concurrently for one builder. Exceptions
 * reach the caller that opens the pool or builds the client.
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
	 * Customize a client of a pool. Called once for each client that uses the pool.
	 * @param pool the name of the pool
	 * @param client the builder of the client
	 */
	default void customizeClient(String pool, HttpClientBuilder client) {
	}

}
