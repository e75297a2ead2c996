package io.github.httppool;

/**
 * One call of the application, through all its redirects, challenges and replays.
 *
 * @since 0.1.0
 */
public interface CallInfo {

	/**
	 * Return what joins the events of this call.
	 * @return a number, unique within the JVM
	 */
	long id();

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	String pool();

	/**
	 * Return what is called.
	 * @return method and path of the first request, never with query, headers or body
	 */
	String call();

}
