package io.github.httppool;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A notable event of a pool. The pool combines similar events in short succession into
 * one. Immutable.
 *
 * @param time when the event, or the first of several, happened
 * @param until when the event, or the last of several, happened
 * @param type the kind of event
 * @param route the route of the event, or {@code null} if it concerns the whole pool or
 * several routes
 * @param count number of combined events, at least 1
 * @param message the details: connection, reason, numbers
 * @since 0.1.0
 */
public record PoolEvent(Instant time, Instant until, Type type, @Nullable String route, long count, String message) {

	/**
	 * Kind of an event.
	 *
	 * @since 0.1.0
	 */
	public enum Type {

		/** A connection was opened. */
		OPENED,

		/** A connection was closed. */
		CLOSED,

		/** No connection could be opened. */
		CONNECT_FAILED,

		/** The pool rejected a caller because too many were waiting. */
		REFUSED,

		/** A caller got no connection in time, or a call exceeded its maximum time. */
		TIMEOUT,

		/** A request was sent again over a new connection. */
		REPLAYED,

		/** A lease was reported as a leak. */
		LEAK,

		/** A finding appeared, became worse or better, or is over. */
		FINDING,

		/** Limits were changed. */
		RESIZED,

		/** Settings were changed. */
		CHANGED,

		/** Connections were evicted. */
		EVICTED;

		private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

		/**
		 * Return the name under which the endpoint shows this type.
		 * @return the name in lower case with dashes, such as {@code connect-failed}
		 */
		public String code() {
			return this.code;
		}

	}

}
