package io.github.httppool.hc5.observe;

import java.time.Duration;

import io.github.httppool.PooledConnectionInfo;

/**
 * A snapshot of a closed connection. Holds no buffers, so that many can be queued for
 * listeners.
 *
 * @param id its id
 * @param pool the name of its pool
 * @param route its route
 * @param age its age when it was closed
 * @param exchanges how many requests were sent over it
 * @param bytesReceived how many bytes were received over it
 * @param bytesSent how many bytes were sent over it
 */
public record ClosedConnection(String id, String pool, String route, Duration age, long exchanges, long bytesReceived,
		long bytesSent) implements PooledConnectionInfo {

	public static ClosedConnection of(PooledConnectionInfo connection) {
		return new ClosedConnection(connection.id(), connection.pool(), connection.route(), connection.age(),
				connection.exchanges(), connection.bytesReceived(), connection.bytesSent());
	}

}
