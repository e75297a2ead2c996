/**
 * The engine on Apache HttpClient 5. It builds HttpClients that use a pool. Other modules
 * use no other package of the engine. The engine depends on neither Spring nor
 * Micrometer.
 * <p>
 * Start with {@link io.github.httppool.hc5.HttpClientPool}, a pool that creates clients:
 * <pre class="code">
 * HttpClientPool pool = new HttpClientPool("orders", settings, listeners, customizers, null, null);
 * CloseableHttpClient client = pool.newHttpClient();
 * pool.shutDown();
 * </pre> Then continue with {@code exec}, which contains the links around a call, and
 * {@code pool}, which owns the connections. {@code docs/architecture.md} follows one call
 * through all packages.
 * <p>
 * The engine uses a few classes that HttpClient marks as internal, and two classes read
 * private fields of its builder. {@code ArchitectureTests} lists each use. Check them
 * when HttpClient is upgraded.
 */
@NullMarked
package io.github.httppool.hc5;

import org.jspecify.annotations.NullMarked;
