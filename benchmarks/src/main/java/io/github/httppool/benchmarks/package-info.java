/**
 * What the pool costs. A benchmark is a class with JMH's annotations and a parameter
 * whose values are to be compared; a {@link io.github.httppool.benchmarks.Comparison}
 * runs these in turn, so that whatever else the machine does meets all of them, and
 * prints their ratios. What compares neighbours within one process, and so stands a
 * machine that has other work, is a class of its own. All are named in
 * {@link io.github.httppool.benchmarks.Benchmarks}.
 */
package io.github.httppool.benchmarks;
