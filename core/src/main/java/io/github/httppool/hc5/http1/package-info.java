/**
 * Bytes to HTTP/1.1 messages and back, as strict as RFC 9112. Knows no pool: it reports
 * to an interface. Internal.
 * <p>
 * Enter at {@code ResponseParser} for the head of a response, {@code ResponseFraming} for
 * the end of its body, {@code ChunkDecoder} for chunks, and {@code RequestWriter} and
 * {@code RequestFraming} for requests. What is refused, and why, is in
 * {@code docs/broken-messages.md}.
 */
@NullMarked
package io.github.httppool.hc5.http1;

import org.jspecify.annotations.NullMarked;
