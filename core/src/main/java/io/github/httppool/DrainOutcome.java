package io.github.httppool;

import java.util.Locale;

/**
 * How a drain ended. When a caller closes a response, the pool drains its body: it reads
 * the unread rest, within limits, to keep the connection.
 *
 * @since 0.1.0
 */
public enum DrainOutcome {

	/** The body was read to its end; the connection can be reused. */
	REUSED,

	/** The rest was longer than {@code drain.max-bytes}. */
	TOO_LARGE,

	/** The body did not end within {@code drain.max-time}. */
	TOO_SLOW,

	/** Reading the body failed. */
	FAILED;

	private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Return the name under which meters and the endpoint show this outcome.
	 * @return the name in lower case with dashes, such as {@code too-large}
	 */
	public String code() {
		return this.code;
	}

}
