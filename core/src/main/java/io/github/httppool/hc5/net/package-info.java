/**
 * Sockets, DNS, connecting (RFC 8305), TLS and SOCKS, and the clock and timer of the
 * engine.
 */
@NullMarked
package io.github.httppool.hc5.net;

import org.jspecify.annotations.NullMarked;
