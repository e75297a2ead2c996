/**
 * Measures calls in short slices of time. Start with {@link Turns}.
 */
@NullMarked
package io.github.httppool.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
