@NullMarked
package io.github.httppool.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
