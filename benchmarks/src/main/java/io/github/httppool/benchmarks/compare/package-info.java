/**
 * Commands that compare clients, pools, and builds of the library.
 */
@NullMarked
package io.github.httppool.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
