package io.github.httppool;

import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the pool rejects a caller immediately, because
 * {@code http-pool.max-pending} other callers were already waiting for a connection.
 * HttpClient has no such limit: its callers wait until they get a
 * {@link ConnectionRequestTimeoutException}.
 *
 * @since 0.1.0
 */
public class AcquireRejectedException extends ConnectionRequestTimeoutException implements HttpPoolException {

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
	public AcquireRejectedException(String pool, String route, String message, @Nullable Throwable cause) {
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
