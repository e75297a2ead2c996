@NullMarked
package io.github.httppool.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
