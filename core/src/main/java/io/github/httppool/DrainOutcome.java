package io.github.httppool;

import java.util.Locale;

/**
 * How the bounded reading of an unread body ended.
 *
 * @since 0.1.0
 */
public enum DrainOutcome {

	/** Body was read to its end, the connection can be reused. */
	REUSED,

	/** More bytes than {@code drain.max-bytes}. */
	TOO_LARGE,

	/** No end within {@code drain.max-time}. */
	TOO_SLOW,

	/** Reading failed. */
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
