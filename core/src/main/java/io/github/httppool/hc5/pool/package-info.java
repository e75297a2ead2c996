/**
 * Who holds which connection, for how long, and why it ended. Internal.
 * <p>
 * Enter at {@code PooledConnectionManager}, the connection manager that HttpClient's
 * chain sees, and {@code Lease}, a caller's claim on a connection: <pre class="code">
 * LeaseRequest request = manager.lease(id, route, timeout, state);
 * ConnectionEndpoint lease = request.get(timeout);
 * manager.release(lease, null, keepAlive);
 * </pre> {@code ConnectionBook} knows which connections are idle and leased, and which
 * callers wait: its Javadoc explains the concurrency of the pool.
 * {@code PooledConnection} knows the state of a connection, and {@code Exchange} decides
 * whether it may live. {@code BodyState} and {@code Drain} end a response that was not
 * read. {@code docs/concurrency.md} describes every lock and state machine.
 */
@NullMarked
package io.github.httppool.hc5.pool;

import org.jspecify.annotations.NullMarked;
