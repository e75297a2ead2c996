package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The state of a lease at one moment. Immutable.
 *
 * @param route scheme, host and port, and the proxy if there is one
 * @param heldFor the time since the connection was leased
 * @param thread the name of the thread that requested the connection
 * @param call method and path, never with query, headers or body; {@code null} if they
 * are not known
 * @since 0.1.0
 */
public record HeldLease(String route, Duration heldFor, String thread, @Nullable String call) {
}
