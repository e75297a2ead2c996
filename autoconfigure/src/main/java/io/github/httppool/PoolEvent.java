package io.github.httppool;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Something remarkable that happened in a pool. Events that are alike and happen in short
 * succession are one event with their number.
 *
 * @param time when it happened, or the first of them did
 * @param until when it happened, or the last of them did
 * @param type what happened
 * @param route the route that it happened on, or {@code null} if it concerns the whole
 * pool or further routes
 * @param count how often it happened
 * @param message the details: connection, reason, numbers
 * @since 0.1.0
 */
public record PoolEvent(Instant time, Instant until, Type type, @Nullable String route, long count, String message) {

	/**
	 * Kind of an event.
	 */
	public enum Type {

		/** Connection was opened. */
		OPENED,

		/** Connection was closed. */
		CLOSED,

		/** No connection could be opened. */
		CONNECT_FAILED,

		/** Caller was refused, because too many were waiting. */
		REFUSED,

		/** Caller got no connection in time, or a call ran into its deadline. */
		TIMEOUT,

		/** Request was sent again over a new connection. */
		REPLAYED,

		/** Lease was reported as a leak. */
		LEAK,

		/** Finding appeared, became worse or better, or is over. */
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
