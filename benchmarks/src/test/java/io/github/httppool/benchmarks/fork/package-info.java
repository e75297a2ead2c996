@NullMarked
package io.github.httppool.benchmarks.fork;

import org.jspecify.annotations.NullMarked;
