/**
 * The cases for which the project was begun, at their scale: many callers at a fixed rate
 * who do not read their bodies. Each client runs in a process of its own, against a
 * server of its own.
 */
@NullMarked
package io.github.httppool.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
