package io.github.httppool;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A remarkable event in a pool. Similar events in short succession are combined into one,
 * which has their count.
 *
 * @param time when the event, or the first of several, happened
 * @param until when the event, or the last of several, happened
 * @param type the kind of event
 * @param route the route of the event, or {@code null} if it concerns the whole pool or
 * further routes
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
