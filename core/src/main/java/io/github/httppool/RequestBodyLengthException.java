package io.github.httppool;

import java.io.IOException;

/**
 * Thrown when the body of a request is longer or shorter than its {@code Content-Length}.
 * The pool resets the connection, so that the server sees that the request is incomplete.
 * HttpClient does not check this.
 *
 * @since 0.1.0
 */
public class RequestBodyLengthException extends IOException implements HttpPoolException {

	private final String pool;

	private final String route;

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 */
	public RequestBodyLengthException(String pool, String route, String message) {
		super(message);
		this.pool = pool;
		this.route = route;
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
