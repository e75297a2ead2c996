package io.github.httppool;

import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A caller was refused at once, because {@code http-pool.max-pending} others were waiting
 * for a connection already. HttpClient has no such limit: its callers wait, and get a
 * {@link ConnectionRequestTimeoutException} in the end.
 *
 * @since 0.1.0
 */
public class AcquireRejectedException extends ConnectionRequestTimeoutException implements HttpPoolException {

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
		this.pool = pool;
		this.route = route;
		if (cause != null) {
			initCause(cause);
		}
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
