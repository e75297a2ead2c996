/**
 * Benchmarks of the pool and of other clients. {@link Benchmarks} lists the commands, and
 * the README of this module explains them. Variants take turns in short slices and are
 * compared round by round, so that results are ratios with quartiles. Most variants are
 * measured in JVMs of their own (package {@code fork}); goals are checked where a result
 * has them.
 */
@NullMarked
package io.github.httppool.benchmarks;

import org.jspecify.annotations.NullMarked;
