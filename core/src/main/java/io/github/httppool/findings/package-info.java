/**
 * Rules that derive findings from the statistics of a pool, with one class per rule.
 * {@code Diagnosis} evaluates all rules over a {@code Window} of samples; a
 * {@code RouteWindow} prepares the samples of one route. The samples come from
 * {@code io.github.httppool.hc5.observe}.
 */
@NullMarked
package io.github.httppool.findings;

import org.jspecify.annotations.NullMarked;
