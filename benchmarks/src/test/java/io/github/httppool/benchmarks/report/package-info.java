@NullMarked
package io.github.httppool.benchmarks.report;

import org.jspecify.annotations.NullMarked;
