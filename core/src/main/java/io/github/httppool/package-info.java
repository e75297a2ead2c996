/**
 * The API of HTTP Pool: pools, settings, numbers, findings, events and exceptions. An
 * application that only configures {@code http-pool.*} needs none of it, because Spring's
 * clients use the pool without changes.
 * <p>
 * Start with {@link io.github.httppool.HttpPools}. Inject it to inspect a pool, or to
 * change it at run time: <pre class="code">
 * &#64;Component
 * class Upstreams {
 *
 * 	private final HttpPool pool;
 *
 * 	Upstreams(HttpPools pools) {
 * 		this.pool = pools.get(HttpPool.DEFAULT_NAME);
 * 	}
 *
 * 	List&lt;String&gt; problems() {
 * 		return this.pool.findings().stream().map(Finding::message).toList();
 * 	}
 *
 * 	void allowMoreConnections() {
 * 		this.pool.resize(400, 100);
 * 	}
 *
 * }
 * </pre>
 * <ul>
 * <li>{@link io.github.httppool.HttpPool} shows the numbers, leases, events and findings
 * of a pool, changes its settings, and creates HttpClients.</li>
 * <li>{@link io.github.httppool.HttpPoolCustomizer} changes everything that has no
 * property.</li>
 * <li>{@link io.github.httppool.HttpPoolListener} receives every step of every call.</li>
 * <li>{@link io.github.httppool.CallTimeout} limits the time of a single call.</li>
 * <li>{@link io.github.httppool.HttpPoolException} is implemented by the exceptions of
 * the pool.</li>
 * </ul>
 * Parameters and results are never {@code null} unless they are annotated with
 * {@code @Nullable}.
 *
 * @serial exclude
 */
@NullMarked
package io.github.httppool;

import org.jspecify.annotations.NullMarked;
