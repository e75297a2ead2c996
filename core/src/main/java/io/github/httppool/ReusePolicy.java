package io.github.httppool;

/**
 * Which of several idle connections of a route is leased next.
 *
 * @since 0.1.0
 */
public enum ReusePolicy {

	/**
	 * The connection that was used last. Surplus connections stay idle and reach their
	 * idle timeout.
	 */
	LIFO,

	/** The connection that has been idle longest, which spreads load over all of them. */
	FIFO

}
