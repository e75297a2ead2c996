/**
 * Auto-configuration of the pools in a Spring Boot application: conditions and beans.
 * Enter at {@code HttpPoolAutoConfiguration}; {@code SharedPools} holds the pools of an
 * application, and {@code PooledRequestFactories} puts Spring's clients on them.
 * Properties are read in {@code autoconfigure.properties}.
 */
@NullMarked
package io.github.httppool.autoconfigure;

import org.jspecify.annotations.NullMarked;
