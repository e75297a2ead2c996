/**
 * Results: statistics, goals, and the files they are written to.
 */
@NullMarked
package io.github.httppool.benchmarks.report;

import org.jspecify.annotations.NullMarked;
