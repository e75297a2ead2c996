/**
 * Watches a pool: counters, samples, events, listeners, the trace log, and the messages
 * of exceptions. Decides nothing. Internal.
 * <p>
 * Enter at {@code Listeners}, which calls the listeners of the application, at
 * {@code Samples}, which keeps the numbers of two minutes, or at {@code Explanation},
 * from which all messages of exceptions start. An event costs nothing without a listener:
 * <pre class="code">
 * if (listeners.present()) {
 *     listeners.acquireStarted(lease);
 * }
 * </pre> Rules over the samples are in {@code io.github.httppool.findings}.
 */
@NullMarked
package io.github.httppool.hc5.observe;

import org.jspecify.annotations.NullMarked;
