/**
 * Spring's request factory over a pool: requests, responses and their bodies. Enter at
 * {@code PooledRequestFactory}; the pool itself is in {@code io.github.httppool.hc5}.
 */
@NullMarked
package io.github.httppool.client;

import org.jspecify.annotations.NullMarked;
