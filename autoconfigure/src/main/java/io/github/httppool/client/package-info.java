/**
 * Spring's request factory that uses a pool. Internal.
 * <p>
 * Start with {@code PooledRequestFactory}, which creates a {@code PooledRequest} for each
 * call; its {@code execute} returns a {@code PooledResponse}: <pre class="code">
 * ClientHttpResponse response = factory.createRequest(uri, HttpMethod.GET).execute();
 * </pre> From there, the call continues in {@code CallExec} of
 * {@code io.github.httppool.hc5.exec}.
 */
@NullMarked
package io.github.httppool.client;

import org.jspecify.annotations.NullMarked;
