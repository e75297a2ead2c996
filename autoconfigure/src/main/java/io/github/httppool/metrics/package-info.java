/**
 * Micrometer meters of the pools. Enter at {@code HttpPoolMetrics}, which listens to the
 * pools and registers the meters; {@code MetricsConvention} selects their names.
 */
@NullMarked
package io.github.httppool.metrics;

import org.jspecify.annotations.NullMarked;
