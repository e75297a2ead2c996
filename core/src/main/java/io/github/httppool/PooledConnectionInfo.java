package io.github.httppool;

import java.time.Duration;

/**
 * A connection of a pool, as listeners see it. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PooledConnectionInfo {

	/**
	 * Return the name that HttpClient's own log lines use for this connection.
	 * @return the name, unique within the JVM
	 */
	String id();

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String pool();

	/**
	 * Return the route.
	 * @return scheme, host and port, and the proxy where there is one
	 */
	String route();

	/**
	 * Return the time since the connection was opened or, of a closed one, the age that
	 * it reached.
	 * @return the age, zero before it is open
	 */
	Duration age();

	/**
	 * Return how many requests were sent over it.
	 * @return the number of exchanges, including one that is under way
	 */
	long exchanges();

	/**
	 * Return how many bytes were received over it, of TLS what was decrypted.
	 * @return the number of bytes
	 */
	long bytesReceived();

	/**
	 * Return how many bytes were sent over it, of TLS before they were encrypted.
	 * @return the number of bytes
	 */
	long bytesSent();

}
