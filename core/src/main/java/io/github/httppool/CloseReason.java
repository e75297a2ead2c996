package io.github.httppool;

import java.util.Locale;

/**
 * Why a pool closed a connection. Every connection that was opened ends with exactly one
 * reason.
 *
 * @since 0.1.0
 */
public enum CloseReason {

	/** Server said, or showed by the end of its message, that it closes. */
	SERVER_CLOSE,

	/** More of the body was unread than {@code drain.max-bytes}. */
	DRAIN_BYTES,

	/** Unread body did not end within {@code drain.max-time}. */
	DRAIN_TIME,

	/** Idle for longer than {@code idle-timeout}, or than the server allows. */
	IDLE_TIMEOUT,

	/** Older than {@code time-to-live}. */
	TIME_TO_LIVE,

	/** Server had closed it while it was idle. */
	STALE,

	/** Server sent bytes that nobody had asked for. */
	UNSOLICITED_DATA,

	/** More than {@code max-idle-per-route} idle connections of its route. */
	MAX_IDLE,

	/**
	 * Closed to make room for another route, by a resize, by an operator, because its SSL
	 * bundle was reloaded, because it was logged in for one caller, or because another
	 * connection that had been idle for as long stayed silent.
	 */
	EVICTED,

	/** Exchange failed: broken message, reset, timeout. */
	ERROR,

	/** Caller gave the exchange up: interrupt, cancel, or an abandoned body. */
	CANCELLED,

	/** Caller lost the response without closing it. */
	LEAK,

	/** Pool was shut down. */
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
