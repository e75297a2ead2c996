package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A caller's claim on a connection, from the wish for one until it is given back, as
 * listeners see it. Thread-safe.
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
	 * @return scheme, host and port, and the proxy where there is one
	 */
	String route();

	/**
	 * Return what the connection is for.
	 * @return method and path, never with query, headers or body; or {@code null} if it
	 * is not known
	 */
	@Nullable String call();

	/**
	 * Return the name of the thread that asked for the connection.
	 * @return the thread's name
	 */
	String thread();

	/**
	 * Return how long the connection has been held.
	 * @return the time since it was leased, or zero before that
	 */
	Duration heldFor();

}
