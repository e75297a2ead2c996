package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * No connection became free within {@code http-pool.acquire-timeout}.
 *
 * @since 0.1.0
 */
public class AcquireTimeoutException extends HttpPoolException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public AcquireTimeoutException(String pool, String route, String message, @Nullable Throwable cause) {
		super(pool, route, message, cause);
	}

}
