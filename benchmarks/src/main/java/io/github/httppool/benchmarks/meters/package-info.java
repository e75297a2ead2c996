/**
 * Commands that measure the cost of meters, scrapes and reads of the endpoint.
 */
@NullMarked
package io.github.httppool.benchmarks.meters;

import org.jspecify.annotations.NullMarked;
