/**
 * Separate JVMs in which clients are measured. Start with {@link Fork}.
 */
@NullMarked
package io.github.httppool.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
