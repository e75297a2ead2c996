package io.github.httppool;

/**
 * A pool could not serve a caller. The message says on which pool and route, with which
 * numbers, and which property to look at. Implemented by exceptions that extend what
 * HttpClient throws in the same situation, for code that decides by its classes.
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
