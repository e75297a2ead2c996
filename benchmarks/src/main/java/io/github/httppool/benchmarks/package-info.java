/**
 * What the pool costs, and what other clients cost. All that can be measured is named in
 * {@link io.github.httppool.benchmarks.Benchmarks}, in two styles. A benchmark is a class
 * with JMH's annotations and a parameter whose values are to be compared; a
 * {@link io.github.httppool.benchmarks.Comparison} runs these in turn, in processes of
 * their own, and prints their ratios. What compares neighbours within one process, and so
 * stands a machine that has other work, is a class of its own.
 */
@NullMarked
package io.github.httppool.benchmarks;

import org.jspecify.annotations.NullMarked;
