package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * The pool is shut down because the application context is closed.
 *
 * @since 0.1.0
 */
public class PoolShutdownException extends HttpPoolException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public PoolShutdownException(String pool, String route, String message, @Nullable Throwable cause) {
		super(pool, route, message, cause);
	}

}
