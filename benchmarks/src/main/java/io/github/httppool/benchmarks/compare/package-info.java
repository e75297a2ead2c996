/**
 * Clients against each other, in turn, in one process.
 */
@NullMarked
package io.github.httppool.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
