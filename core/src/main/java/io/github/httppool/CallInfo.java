package io.github.httppool;

/**
 * A call of the application, with all its redirects, authentication challenges and
 * replays. Thread-safe.
 *
 * @since 0.1.0
 */
public interface CallInfo {

	/**
	 * Return the identity of this call, which all its events share.
	 * @return a number that is unique within the JVM
	 */
	long id();

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String pool();

	/**
	 * Return method and path of the first request.
	 * @return the text, such as {@code GET /orders}, never with query, headers or body
	 */
	String call();

}
