package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A lease, as reported to listeners: the use of a connection by one caller. It begins
 * when the caller requests a connection, and ends with the release. Thread-safe.
 *
 * @since 0.1.0
 */
public interface LeaseInfo {

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
	 * Return the {@linkplain CallInfo#id() identity} of the call to which this lease
	 * belongs.
	 * @return the identity, or 0 if the call has none because no listener, observation or
	 * trace log needs it
	 */
	long callId();

	/**
	 * Return the connection.
	 * @return the connection, or {@code null} while the lease has none
	 */
	@Nullable PooledConnectionInfo connection();

	/**
	 * Return method and path of the request.
	 * @return the text, such as {@code GET /orders}, never with query, headers or body;
	 * {@code null} if it is not known
	 */
	@Nullable String call();

	/**
	 * Return the name of the thread that requested the connection.
	 * @return the thread's name
	 */
	String thread();

	/**
	 * Return how long the caller has held the connection.
	 * @return the time from the lease until now or, for an ended lease, until its
	 * release; zero while the lease has no connection
	 */
	Duration heldFor();

}
