/**
 * Auto-configuration of HTTP Pool: beans, conditions and properties.
 * <p>
 * Start with {@link io.github.httppool.autoconfigure.HttpPoolAutoConfiguration}. From
 * there, {@code HttpPoolProperties} binds {@code http-pool.*}, {@code SharedPools} opens
 * a pool for its first client, and {@code HttpPoolShutdown} closes all pools after the
 * last bean. Properties are all that an application needs: <pre class="code">
 * http-pool.max-per-route=100
 * http-pool.pools.orders.base-url=https://orders.example
 * </pre>
 */
@NullMarked
package io.github.httppool.autoconfigure;

import org.jspecify.annotations.NullMarked;
