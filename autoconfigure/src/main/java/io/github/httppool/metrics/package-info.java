/**
 * Meters of the pools on Micrometer.
 * <p>
 * Start with {@link io.github.httppool.metrics.HttpPoolMetrics}, a listener that counts
 * events, and a binder: <pre class="code">
 * HttpPoolMetrics metrics = new HttpPoolMetrics(MetricsConvention.MICROMETER);
 * metrics.bindTo(registry);
 * </pre> From there, {@code PoolMeters} holds the meters of one pool, and
 * {@code RouteMeters} those with the tag {@code route}. {@code ConnectionMeters} has one
 * implementation for each convention. {@code CONTRIBUTING.md} lists the files to change
 * for a new meter.
 */
@NullMarked
package io.github.httppool.metrics;

import org.jspecify.annotations.NullMarked;
