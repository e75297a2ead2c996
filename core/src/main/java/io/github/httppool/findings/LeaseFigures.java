package io.github.httppool.findings;

import io.github.httppool.HeldLease;

/**
 * Numbers of a lease at one moment.
 *
 * @param lease what is held, for how long, and by whom
 * @param connection the name of the connection
 * @param unattended whether the response has come, and nobody reads its body at this
 * moment or has closed it
 * @param bytes how many bytes were received over the connection so far
 */
public record LeaseFigures(HeldLease lease, String connection, boolean unattended, long bytes) {
}
