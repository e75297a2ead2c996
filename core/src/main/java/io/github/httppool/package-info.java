/**
 * The public API of HTTP Pool: pools, settings, numbers, events, findings and exceptions.
 * <p>
 * Start at {@link io.github.httppool.HttpPools}, which an application injects, and
 * {@link io.github.httppool.HttpPool}, one of its pools: <pre class="code">
 * HttpPool pool = httpPools.get("orders");
 * int waiting = pool.snapshot().connections().pending();
 * List&lt;Finding&gt; problems = pool.findings();
 * CloseableHttpClient client = pool.newHttpClient();
 * </pre>
 * <ul>
 * <li>{@link io.github.httppool.HttpPoolSettings} has everything that
 * {@code http-pool.*} configures.</li>
 * <li>{@link io.github.httppool.HttpPoolListener} receives every step of each call.</li>
 * <li>{@link io.github.httppool.HttpPoolCustomizer} changes what has no property.</li>
 * <li>{@link io.github.httppool.CallTimeout} limits a single call.</li>
 * <li>{@link io.github.httppool.HttpPoolException} is what all exceptions of this project
 * implement.</li>
 * </ul>
 * This package uses no other package of this project.
 */
@NullMarked
package io.github.httppool;

import org.jspecify.annotations.NullMarked;
