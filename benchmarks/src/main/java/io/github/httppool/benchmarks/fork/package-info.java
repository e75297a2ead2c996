/**
 * JVMs of their own in which clients are measured. Start at {@link Fork}.
 */
@NullMarked
package io.github.httppool.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
