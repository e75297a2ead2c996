package io.github.httppool;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A pool could not serve a caller. Its message says on which pool and route, with which
 * numbers, and which property to look at.
 *
 * @since 0.1.0
 */
public abstract class HttpPoolException extends IOException {

	private final String pool;

	private final String route;

	HttpPoolException(String pool, String route, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.pool = pool;
		this.route = route;
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String getPool() {
		return this.pool;
	}

	/**
	 * Return the route.
	 * @return scheme, host and port, and the proxy where there is one
	 */
	public String getRoute() {
		return this.route;
	}

}
