package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * A body is longer than {@code http-pool.max-error-body} or {@code http-pool.max-body}
 * lets a caller read. Thrown by the read that would go past the limit, and by those after
 * it.
 *
 * @since 0.1.0
 */
public class BodyTooLargeException extends HttpPoolException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public BodyTooLargeException(String pool, String route, String message, @Nullable Throwable cause) {
		super(pool, route, message, cause);
	}

}
