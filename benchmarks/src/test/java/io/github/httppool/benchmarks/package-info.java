@NullMarked
package io.github.httppool.benchmarks;

import org.jspecify.annotations.NullMarked;
