/**
 * Meters of the pools, based on Micrometer.
 * <p>
 * Start with {@link io.github.httppool.metrics.HttpPoolMetrics}, a listener that counts
 * events, and a meter binder: <pre class="code">
 * HttpPoolMetrics metrics = new HttpPoolMetrics(MetricsConvention.MICROMETER);
 * metrics.bindTo(registry);
 * </pre> {@code PoolMeters} holds the meters of one pool, and {@code RouteMeters} those
 * with the tag {@code route}. {@code ConnectionMeters} has one implementation for each
 * convention.
 */
@NullMarked
package io.github.httppool.metrics;

import org.jspecify.annotations.NullMarked;
