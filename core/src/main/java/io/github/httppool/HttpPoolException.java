package io.github.httppool;

/**
 * Implemented by all exceptions that report why a pool could not serve a call. The
 * message names the pool, the route, the numbers and the property to check. Each
 * exception extends the class that HttpClient throws in the same situation, because retry
 * strategies and error handlers depend on the class. <pre class="code">
 * catch (ResourceAccessException ex) {
 * 	if (ex.getCause() instanceof HttpPoolException failure) {
 * 		log.warn("No answer from {}", failure.getRoute(), ex);
 * 	}
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public interface HttpPoolException {

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String getPool();

	/**
	 * Return the route.
	 * @return scheme, host and port, and the proxy if there is one
	 */
	String getRoute();

}
