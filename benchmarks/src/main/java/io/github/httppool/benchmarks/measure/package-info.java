/**
 * Measures calls in short slices of time. Start at {@link Turns}.
 */
@NullMarked
package io.github.httppool.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
