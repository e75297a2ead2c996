/**
 * The Actuator endpoint {@code httppool} and the health of the pools.
 * <p>
 * Start with {@link io.github.httppool.actuate.HttpPoolEndpoint}, whose operations return
 * the descriptors of this package. An application without auto-configuration can register
 * it as a bean: <pre class="code">
 * &#64;Bean
 * HttpPoolEndpoint httpPoolEndpoint(HttpPools pools) {
 *     return new HttpPoolEndpoint(pools);
 * }
 * </pre> This package uses only the API.
 */
@NullMarked
package io.github.httppool.actuate;

import org.jspecify.annotations.NullMarked;
