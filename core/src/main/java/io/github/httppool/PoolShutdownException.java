package io.github.httppool;

import java.net.SocketException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the pool is shut down because the application context is closed.
 * HttpClient's own running calls also fail with a {@link SocketException} when the client
 * is closed.
 *
 * @since 0.1.0
 */
public class PoolShutdownException extends SocketException implements HttpPoolException {

	private final String pool;

	private final String route;

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public PoolShutdownException(String pool, String route, String message, @Nullable Throwable cause) {
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
