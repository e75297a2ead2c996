/**
 * Reads and writes HTTP/1.1 messages (RFC 9112). Knows no pool.
 */
@NullMarked
package io.github.httppool.hc5.http1;

import org.jspecify.annotations.NullMarked;
