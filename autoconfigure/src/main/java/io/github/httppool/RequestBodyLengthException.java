package io.github.httppool;

/**
 * The body of a request is longer or shorter than its {@code Content-Length}. The
 * connection was reset, so that the server sees that the request is not whole.
 *
 * @since 0.1.0
 */
public class RequestBodyLengthException extends HttpPoolException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 */
	public RequestBodyLengthException(String pool, String route, String message) {
		super(pool, route, message, null);
	}

}
