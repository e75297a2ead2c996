package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * Connections of a route to open at startup. Immutable.
 * {@link HttpPoolSettings.Builder#build()} checks the values.
 *
 * @param name the name of the entry, as in {@code http-pool.warm-up.<name>}
 * @param uri scheme, host and port of the route; {@code null} if it is missing
 * @param connections number of connections; {@code null} if it is missing
 * @since 0.1.0
 */
public record WarmUp(String name, @Nullable String uri, @Nullable Integer connections) {

}
