/**
 * Turns bytes into HTTP/1.1 messages and back (RFC 9112), more strictly than HttpCore:
 * anything that two implementations could read in two ways closes the connection after
 * the response.
 * <p>
 * Start with {@link io.github.httppool.hc5.http1.Http1Connection}, which sends a request
 * and receives its response:
 * <ul>
 * <li>Requests: {@code RequestFraming} checks the head and {@code RequestWriter} writes
 * it. {@code OutgoingRequest} knows how much was sent. {@code RequestBody} is the stream
 * that an entity writes to, and {@code Upload} watches for a response meanwhile.
 * <li>Responses: {@code ReceivingConnection}, its superclass, reads them.
 * {@code ResponseParser} reads the head through a {@code LineReader} and a
 * {@code FieldReader}, and {@code ResponseFraming} finds the end of the body.
 * {@code ContentLengthBody}, {@code ChunkedBody}, {@code CloseDelimitedBody} and
 * {@code EmptyBody} are the streams that a caller reads.
 * </ul>
 * This package depends on HttpClient and HttpCore, and on no other package of this
 * project. It knows nothing of pools: a connection reports to
 * {@link io.github.httppool.hc5.http1.ExchangeEvents} and
 * {@link io.github.httppool.hc5.http1.BodyEvents}, and package {@code hc5.pool}
 * implements them. That package also decides whether the connection is reused. Which
 * responses are rejected, and why, is in {@code docs/broken-messages.md}. Internal.
 */
@NullMarked
package io.github.httppool.hc5.http1;

import org.jspecify.annotations.NullMarked;
