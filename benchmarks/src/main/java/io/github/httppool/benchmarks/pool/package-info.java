/**
 * Parts of the pool by themselves.
 */
@NullMarked
package io.github.httppool.benchmarks.pool;

import org.jspecify.annotations.NullMarked;
