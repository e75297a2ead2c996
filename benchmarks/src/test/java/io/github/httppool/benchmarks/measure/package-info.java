@NullMarked
package io.github.httppool.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
