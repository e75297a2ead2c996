package io.github.httppool.hc5.observe;

import java.time.Duration;

/**
 * Idle connections that were closed because a similar one delivered no byte to its
 * caller.
 *
 * @param idle how long the silent connection had been idle before it was leased
 * @param closed number of connections of the same route, idle for at least as long, that
 * were closed
 */
public record SilentConnections(Duration idle, int closed) {

}
