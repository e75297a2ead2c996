package io.github.httppool;

import java.util.Locale;

/**
 * How the wish for a connection ended.
 *
 * @since 0.1.0
 */
public enum AcquireOutcome {

	/** Caller got an idle connection. */
	REUSED,

	/** Caller may open a connection of its own. */
	OPENED,

	/** No connection within {@code acquire-timeout}. */
	TIMEOUT,

	/** {@code max-pending} callers were waiting already. */
	REJECTED,

	/** Interrupted, cancelled, or the pool was shut down. */
	FAILED;

	private final String code = name().toLowerCase(Locale.ROOT);

	/**
	 * Return the name under which meters show this outcome.
	 * @return the name in lower case, such as {@code reused}
	 */
	public String code() {
		return this.code;
	}

}
