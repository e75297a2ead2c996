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
	 * Return the {@linkplain CallInfo#id() identity} of the call that this is part of.
	 * @return what joins the leases and events of one call, or 0 if nobody asked for it
	 */
	long callId();

	/**
	 * Return the connection.
	 * @return the connection, or {@code null} as long as there is none
	 */
	@Nullable PooledConnectionInfo connection();

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
	 * @return the time since it was leased, until it was given back; or zero before that
	 */
	Duration heldFor();

}
