/**
 * The engine on Apache HttpClient 5: builds HttpClients over a pool. The only package of
 * the engine that other modules use. Sees neither Spring nor Micrometer.
 * <p>
 * Enter at {@link io.github.httppool.hc5.HttpClientPool}, a pool that makes clients:
 * <pre class="code">
 * HttpClientPool pool = new HttpClientPool("orders", settings, listeners, customizers, null, null);
 * CloseableHttpClient client = pool.newHttpClient();
 * pool.shutDown();
 * </pre> From here, go on to {@code exec}, the links around a call, and to {@code pool},
 * which owns the connections. {@code docs/architecture.md} follows one call through all
 * packages.
 * <p>
 * The engine uses these internal classes of HttpClient. Check each of them when
 * HttpClient is upgraded:
 * <ul>
 * <li>{@code DefaultManagedHttpClientConnection}, extended by {@code PooledConnection}
 * <li>{@code DefaultHttpClientConnectionOperator}, extended by {@code Connector}
 * <li>{@code DetachedSocketFactory}, made by {@code Connector}
 * <li>{@code ConnectExceptionSupport}, called by {@code ConnectRace}
 * <li>{@code PoolingHttpClientConnectionManagerBuilder}'s constructor and
 * {@code createConnectionOperator}, overridden by {@code ConnectionsBuilder}
 * <li>{@code ConnectionHolder}, to see the connection behind an endpoint
 * <li>{@code ConnectionEndpoint.RequestExecutor}, passed on by {@code Lease}
 * <li>{@code SocketHolder.getBaseSocket}, called by {@code PooledConnection} and
 * {@code MessageConnection}
 * <li>{@code CloseableHttpResponse.create}, called by {@code DecodedResponse}
 * <li>{@code ContentCodecRegistry}, and the field
 * {@code HttpClientBuilder.contentDecoderMap}, read by {@code ContentCodings}
 * <li>{@code ContentCompressionExec}, recognized by {@code UndecodedEntity}
 * <li>{@code ExecRuntime}, called by {@code CallExec}
 * <li>{@code ProtocolExec}, made by {@code BuilderSettings}, which reads private fields
 * of {@code HttpClientBuilder}
 * <li>{@code HttpClientBuilder.getConnManager}, called by {@code BuilderSettings}
 * </ul>
 */
@NullMarked
package io.github.httppool.hc5;

import org.jspecify.annotations.NullMarked;
