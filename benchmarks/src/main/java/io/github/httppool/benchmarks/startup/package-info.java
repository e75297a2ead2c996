/**
 * What the starter adds to the startup time of an application.
 */
@NullMarked
package io.github.httppool.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
