package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * A limit of its own for one route.
 *
 * @param name the name of the entry, as in {@code http-pool.routes.<name>}
 * @param uri scheme, host and port of the route
 * @param maxConnections most connections to it
 * @since 0.1.0
 */
public record RouteLimit(String name, @Nullable String uri, @Nullable Integer maxConnections) {

}
