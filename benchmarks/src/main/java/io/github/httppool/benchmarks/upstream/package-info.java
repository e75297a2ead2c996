/**
 * The server that the clients call, in a process of its own.
 */
@NullMarked
package io.github.httppool.benchmarks.upstream;

import org.jspecify.annotations.NullMarked;
