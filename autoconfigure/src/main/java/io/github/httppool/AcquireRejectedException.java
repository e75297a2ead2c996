package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * A caller was refused at once, because {@code http-pool.max-pending} others were waiting
 * for a connection already.
 *
 * @since 0.1.0
 */
public class AcquireRejectedException extends HttpPoolException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public AcquireRejectedException(String pool, String route, String message, @Nullable Throwable cause) {
		super(pool, route, message, cause);
	}

}
