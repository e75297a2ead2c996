package io.github.httppool;

import java.util.Locale;

/**
 * How a request for a connection ended.
 *
 * @since 0.1.0
 */
public enum AcquireOutcome {

	/** The caller got an idle connection. */
	REUSED,

	/** The caller got permission to open a connection. */
	OPENED,

	/** No connection became available within {@code acquire-timeout}. */
	TIMEOUT,

	/** {@code max-pending} callers were already waiting. */
	REJECTED,

	/** The caller was interrupted or cancelled, or the pool was shut down. */
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
