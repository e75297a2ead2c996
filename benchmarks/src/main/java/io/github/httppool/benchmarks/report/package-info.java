/**
 * How results are summed up and written down.
 */
@NullMarked
package io.github.httppool.benchmarks.report;

import org.jspecify.annotations.NullMarked;
