package io.github.httppool;

/**
 * A pool could not serve a caller. The message says on which pool and route, with which
 * numbers, and which property to look at. Exceptions that implement it extend the
 * exception that HttpClient throws in the same situation, because retry strategies and
 * error handlers decide by class.
 *
 * @since 0.1.0
 */
public interface HttpPoolException {

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String getPool();

	/**
	 * Return the route.
	 * @return scheme, host and port, and the proxy where there is one
	 */
	String getRoute();

}
