package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * Limit of a single route. Immutable. {@link HttpPoolSettings.Builder#build()} checks the
 * values.
 *
 * @param name the name of the entry, as in {@code http-pool.routes.<name>}
 * @param uri scheme, host and port of the route; {@code null} if it is missing
 * @param maxConnections maximum number of connections of the route; {@code null} if it is
 * missing
 * @since 0.1.0
 */
public record RouteLimit(String name, @Nullable String uri, @Nullable Integer maxConnections) {

}
