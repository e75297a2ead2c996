package io.github.httppool;

import java.net.SocketException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the pool is shut down because the application context is closed. The
 * running calls of an HttpClient that closes get a {@link SocketException}, too.
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
