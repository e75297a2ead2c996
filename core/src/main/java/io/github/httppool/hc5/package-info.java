/**
 * The engine on Apache HttpClient 5: builds HttpClients over a pool. The only package of
 * the engine that other modules use. Sees neither Spring nor Micrometer.
 * <p>
 * Start with {@link io.github.httppool.hc5.HttpClientPool}, a pool that makes clients:
 * <pre class="code">
 * HttpClientPool pool = new HttpClientPool("orders", settings, listeners, customizers, null, null);
 * CloseableHttpClient client = pool.newHttpClient();
 * pool.shutDown();
 * </pre> Continue with {@code exec}, the elements around a call, and {@code pool}, which
 * owns the connections. {@code docs/architecture.md} follows one call through all
 * packages.
 * <p>
 * The engine uses a few classes that HttpClient marks as internal, and two classes of the
 * engine read private fields of its builder. {@code ArchitectureTests} lists each use.
 * Check them when HttpClient is upgraded.
 */
@NullMarked
package io.github.httppool.hc5;

import org.jspecify.annotations.NullMarked;
