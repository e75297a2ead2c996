/**
 * Observes a pool: counters, samples, events, listeners, the trace log, and the messages
 * of exceptions. Makes no decisions. Internal.
 * <p>
 * Start with {@code Listeners}, which calls the listeners of the application, with
 * {@code Samples}, which keeps the numbers of two minutes, or with {@code Explanation},
 * which has the common parts of all exception messages. An event costs nothing without a
 * listener: <pre class="code">
 * if (listeners.present()) {
 *     listeners.acquireStarted(lease);
 * }
 * </pre> Rules over the samples are in {@code io.github.httppool.findings}.
 */
@NullMarked
package io.github.httppool.hc5.observe;

import org.jspecify.annotations.NullMarked;
