/**
 * Who holds which connection, for how long, and why it ended: the connection pool,
 * leases, exchanges, drains, deadlines, the idle reaper and the leak detector.
 */
@NullMarked
package io.github.httppool.hc5.pool;

import org.jspecify.annotations.NullMarked;
