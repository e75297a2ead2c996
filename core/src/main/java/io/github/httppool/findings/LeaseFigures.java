package io.github.httppool.findings;

import io.github.httppool.HeldLease;

/**
 * The state of a lease at one moment.
 *
 * @param lease the lease: its route, duration, thread and call
 * @param connection the name of the connection
 * @param unattended whether the response has arrived, and its body is neither being read
 * nor closed
 * @param bytes number of bytes received over the connection so far
 */
public record LeaseFigures(HeldLease lease, String connection, boolean unattended, long bytes) {
}
