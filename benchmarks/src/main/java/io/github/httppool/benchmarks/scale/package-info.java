/**
 * The situation for which the project was started, at full scale: many callers at a fixed
 * rate who do not read the bodies. Each client runs in a process of its own, against a
 * server of its own.
 */
@NullMarked
package io.github.httppool.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
