package io.github.httppool;

import java.time.Duration;

/**
 * A connection of a pool, as reported to listeners. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PooledConnectionInfo {

	/**
	 * Return the name that HttpClient's own log lines use for this connection.
	 * @return the name, which is unique within the JVM
	 */
	String id();

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String pool();

	/**
	 * Return the route.
	 * @return scheme, host and port, and the proxy if there is one
	 */
	String route();

	/**
	 * Return the time since the connection was opened or, for a closed connection, the
	 * age that it reached.
	 * @return the age, zero until the connection is open
	 */
	Duration age();

	/**
	 * Return the number of requests that were sent over this connection.
	 * @return the number of exchanges, including one in progress
	 */
	long exchanges();

	/**
	 * Return the number of bytes received over this connection, after decryption.
	 * @return the number of bytes
	 */
	long bytesReceived();

	/**
	 * Return the number of bytes sent over this connection, before encryption.
	 * @return the number of bytes
	 */
	long bytesSent();

}
