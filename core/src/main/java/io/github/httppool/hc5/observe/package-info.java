/**
 * Counters, samples, events, listeners, the trace log and explanations. This package
 * observes the pool and decides nothing.
 */
@NullMarked
package io.github.httppool.hc5.observe;

import org.jspecify.annotations.NullMarked;
