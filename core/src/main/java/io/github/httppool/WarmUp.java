package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * Connections of one route that are opened at start.
 *
 * @param name the name of the entry, as in {@code http-pool.warm-up.<name>}
 * @param uri scheme, host and port of the route
 * @param connections how many to open
 * @since 0.1.0
 */
public record WarmUp(String name, @Nullable String uri, @Nullable Integer connections) {

}
