package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A lease as it was at one moment.
 *
 * @param route scheme, host and port, and the proxy where there is one
 * @param heldFor how long the connection had been held
 * @param thread the name of the thread that asked for the connection
 * @param call method and path, never with query, headers or body; or {@code null} if it
 * is not known
 * @since 0.1.0
 */
public record HeldLease(String route, Duration heldFor, String thread, @Nullable String call) {
}
