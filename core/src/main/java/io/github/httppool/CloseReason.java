package io.github.httppool;

import java.util.Locale;

/**
 * Why a pool closed a connection. Every connection that was opened ends with exactly one
 * reason.
 *
 * @since 0.1.0
 */
public enum CloseReason {

	/**
	 * The server announced that it closes the connection, or ended a message by closing.
	 */
	SERVER_CLOSE,

	/** More than {@code drain.max-bytes} of the body were unread. */
	DRAIN_BYTES,

	/** The unread body did not end within {@code drain.max-time}. */
	DRAIN_TIME,

	/**
	 * The connection was idle for longer than {@code idle-timeout} or the server allows.
	 */
	IDLE_TIMEOUT,

	/** The connection was older than {@code time-to-live}. */
	TIME_TO_LIVE,

	/** The server had closed the connection while it was idle. */
	STALE,

	/** The server sent bytes that belong to no response. */
	UNSOLICITED_DATA,

	/** The route had more than {@code max-idle-per-route} idle connections. */
	MAX_IDLE,

	/**
	 * The pool needed room for another route, an operator resized the pool or evicted its
	 * connections, or the SSL bundle was reloaded. Also: the connection was authenticated
	 * for a single caller, or another connection that had been idle for as long no longer
	 * responded.
	 */
	EVICTED,

	/** An exchange failed: invalid message, reset, timeout. */
	ERROR,

	/** The caller abandoned the exchange: interrupt, cancellation, unfinished body. */
	CANCELLED,

	/** The caller lost the response without closing it. */
	LEAK,

	/** The pool was shut down. */
	SHUTDOWN;

	private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Return the name under which meters and the endpoint show this reason.
	 * @return the name in lower case with dashes, such as {@code server-close}
	 */
	public String code() {
		return this.code;
	}

}
