/**
 * Elements that this project adds to HttpClient's execution chain. Each {@code …Exec}
 * class is one element. {@code ClientConfigurer} of package {@code hc5} adds them in this
 * order, from the caller to the connection:
 * <ol>
 * <li>{@link io.github.httppool.hc5.exec.CallExec}: deadline and identity of the call
 * <li>{@link io.github.httppool.hc5.exec.ContentCodingExec}: prepares encoded bodies for
 * HttpClient's decoding
 * <li>{@link io.github.httppool.hc5.exec.DeadlineRetryExec}: prevents HttpClient's
 * retries after the deadline
 * <li>{@link io.github.httppool.hc5.exec.StaleRetryExec}: repeats a safe request whose
 * reused connection was stale
 * <li>{@link io.github.httppool.hc5.exec.ProxyAuthExec}: authenticates at proxies
 * <li>{@link io.github.httppool.hc5.exec.BodyLimitExec}: limits the size of bodies
 * <li>{@link io.github.httppool.hc5.exec.ProtocolBypassExec}: lets calls without
 * authentication bypass HttpClient's element, and makes the body release its connection
 * </ol>
 * {@link io.github.httppool.hc5.exec.OriginRedirectStrategy} and
 * {@link io.github.httppool.hc5.exec.ReuseStrategy} are strategies that HttpClient's own
 * elements use. Internal.
 * <p>
 * Start with {@code CallExec}. Continue with {@code AcquireRequest} and {@code Lease} of
 * package {@code hc5.pool}, which HttpClient's last elements call.
 */
@NullMarked
package io.github.httppool.hc5.exec;

import org.jspecify.annotations.NullMarked;
