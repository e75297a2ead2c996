package io.github.httppool;

/**
 * Which of several idle connections of a route is leased next.
 *
 * @since 0.1.0
 */
public enum ReusePolicy {

	/**
	 * The one that was used last. Surplus connections become idle for longer and reach
	 * their idle timeout.
	 */
	LIFO,

	/** The one that has been idle for the longest: load spreads over all of them. */
	FIFO

}
