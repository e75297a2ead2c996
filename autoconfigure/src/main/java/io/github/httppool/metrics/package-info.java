/**
 * Meters of the pools for Micrometer. They exist if an application has a
 * {@code MeterRegistry}. Without Spring Boot, bind them yourself: <pre class="code">
 * HttpPoolMetrics metrics = new HttpPoolMetrics();
 * metrics.bindTo(registry);
 * HttpClientPool pool = new HttpClientPool("orders", settings, List.of(metrics), List.of(), null, null);
 * </pre>
 */
@NullMarked
package io.github.httppool.metrics;

import org.jspecify.annotations.NullMarked;
