/**
 * What meters, scrapes and reads of the endpoint cost.
 */
@NullMarked
package io.github.httppool.benchmarks.meters;

import org.jspecify.annotations.NullMarked;
