/**
 * Commands that measure one property of the pool.
 */
@NullMarked
package io.github.httppool.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
