/**
 * Links of HttpClient's execution chain: what happens around a call, before and after the
 * pool. Internal.
 * <p>
 * Enter at {@code CallExec}, the outermost link. It sets the deadline of a call, tells
 * the listeners, and maps exceptions. Inside follow {@code StaleRetryExec}, which repeats
 * a call whose reused connection was stale, {@code BodyLimitExec}, and the links for
 * content codings, redirects and proxy authentication. {@code HttpClientPool.attach}
 * shows the order: <pre class="code">
 * client.addExecInterceptorFirst(CallExec.NAME, new CallExec(pool));
 * </pre> From here, go on to {@code hc5.pool}, which gives the chain its connections.
 */
@NullMarked
package io.github.httppool.hc5.exec;

import org.jspecify.annotations.NullMarked;
