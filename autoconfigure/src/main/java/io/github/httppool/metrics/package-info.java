/**
 * Meters of the pools on Micrometer.
 */
@NullMarked
package io.github.httppool.metrics;

import org.jspecify.annotations.NullMarked;
