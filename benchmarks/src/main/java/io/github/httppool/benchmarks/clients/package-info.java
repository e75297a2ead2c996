/**
 * The clients that are compared, each as an application would use it.
 */
@NullMarked
package io.github.httppool.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
