package io.github.httppool.hc5.observe;

import java.time.Duration;

import io.github.httppool.PooledConnectionInfo;

/**
 * What is left of a closed connection: without its buffers, so that many can wait to be
 * told of.
 *
 * @param id its id
 * @param pool the name of its pool
 * @param route its route
 * @param age the age that it reached
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
