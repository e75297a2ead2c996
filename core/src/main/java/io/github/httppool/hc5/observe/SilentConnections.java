package io.github.httppool.hc5.observe;

import java.time.Duration;

/**
 * Idle connections that were closed because one like them sent no byte to its caller.
 *
 * @param idle how long the silent connection had been idle before it was leased
 * @param closed how many connections of its route, idle for as long, were closed
 */
public record SilentConnections(Duration idle, int closed) {

}
