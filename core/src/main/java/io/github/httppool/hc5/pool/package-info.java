/**
 * The connection pool: leases, limits, waiting callers, idle connections, and leak
 * detection. Internal.
 * <p>
 * Start with {@code PooledConnectionManager}, the connection manager that HttpClient's
 * chain uses, and {@code Lease}, which holds a connection for a caller:
 * <pre class="code">
 * LeaseRequest request = manager.lease(id, route, timeout, state);
 * ConnectionEndpoint lease = request.get(timeout);
 * manager.release(lease, null, keepAlive);
 * </pre> {@code ConnectionBook} records which connections are idle and leased, and which
 * callers wait: its Javadoc explains the concurrency of the pool.
 * {@code PooledConnection} has the {@code ConnectionState}, and {@code ConnectionCheck}
 * checks idle connections. {@code Exchange} records what happened to a request and its
 * response, and {@code LeaseRelease} decides whether the connection is reused.
 * {@code BodyState} and {@code Drain} handle responses that were not read to their end.
 * {@code docs/concurrency.md} describes every lock and state machine.
 */
@NullMarked
package io.github.httppool.hc5.pool;

import org.jspecify.annotations.NullMarked;
