package io.github.httppool.hc5.pool;

/**
 * The state of a {@link Lease}. A lease ends exactly once, and never while another thread
 * closes its connection. Another caller may get the slot of the connection only
 * afterwards.
 *
 * <pre>
 *        close by any thread
 * HELD ----------------------&gt; CLOSING
 *  | ^                            |
 *  | +----------------------------+
 *  |         closed
 *  +----------&gt; ENDED
 *    release
 * </pre>
 */
enum LeaseState {

	/** The caller has the connection, or waits for one. */
	HELD,

	/** A thread is closing the connection. */
	CLOSING,

	/** The connection was given back. */
	ENDED

}
