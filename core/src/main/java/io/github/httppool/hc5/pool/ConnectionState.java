package io.github.httppool.hc5.pool;

/**
 * The state of a {@link PooledConnection}. It decides which thread may use the socket:
 * either the caller that leased the connection, or the thread that checks it while it is
 * idle.
 *
 * <pre>
 *          release, kept                check begins
 * LEASED ------------------&gt;  IDLE  ------------------&gt; PROBED
 *   |    &lt;------------------    |   &lt;------------------   |
 *   |       claimed             |      check passed       |
 *   |                           v                         |
 *   +----------------------&gt; CLOSED &lt;---------------------+
 *        any thread closes              check failed
 * </pre>
 *
 * Every transition is one atomic step. A connection is leased when it is created.
 * {@code CLOSED} is set before the socket is closed and never changes.
 */
enum ConnectionState {

	/** A caller holds the connection, or claimed it to close it. */
	LEASED,

	/** The connection waits for its next lease. */
	IDLE,

	/** A thread checks the idle connection, or is about to close it. */
	PROBED,

	/** The connection is closed, or a thread is closing its socket. */
	CLOSED

}
