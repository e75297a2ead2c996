package io.github.httppool;

import org.apache.hc.core5.http.ContentTooLongException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a body is longer than {@code http-pool.max-error-body} or
 * {@code http-pool.max-body}. The read that would exceed the limit throws it, and so does
 * every later read. HttpClient has no such limit for streams.
 *
 * @since 0.1.0
 */
public class BodyTooLargeException extends ContentTooLongException implements HttpPoolException {

	/** HttpCore replaces line breaks in the message of its exceptions. */
	private final String message;

	private final String pool;

	private final String route;

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public BodyTooLargeException(String pool, String route, String message, @Nullable Throwable cause) {
		super(message);
		this.message = message;
		this.pool = pool;
		this.route = route;
		if (cause != null) {
			initCause(cause);
		}
	}

	@Override
	public String getMessage() {
		return this.message;
	}

	@Override
	public String getPool() {
		return this.pool;
	}

	@Override
	public String getRoute() {
		return this.route;
	}

}
