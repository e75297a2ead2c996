/**
 * Sockets, lookups, connecting (RFC 8305), TLS, SOCKS, and the one clock and timer of a
 * pool. Internal.
 * <p>
 * Start with {@code AddressConnector}, which opens a connection in the caller's thread
 * and reports each step to a {@code ConnectSteps}. {@code SharedLookups} limits the
 * number of concurrent DNS lookups, {@code ConnectRace} tries the addresses of a host,
 * and {@code SocketCheck} checks whether an idle connection can still be used.
 * {@code Housekeeper} is the timer: <pre class="code">
 * housekeeper.schedule(timeout);
 * boolean inTime = housekeeper.cancel(timeout);
 * </pre>
 */
@NullMarked
package io.github.httppool.hc5.net;

import org.jspecify.annotations.NullMarked;
