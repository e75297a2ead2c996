package io.github.httppool;

import java.util.Locale;

/**
 * Severity of a finding.
 *
 * @since 0.1.0
 */
public enum Severity {

	/** No call fails, but resources are wasted. */
	INFO,

	/** Calls are slower than necessary, or fail occasionally. */
	WARNING,

	/** Calls fail, or will fail soon. */
	CRITICAL;

	private final String code = name().toLowerCase(Locale.ROOT);

	/**
	 * Return the name under which the endpoint shows this severity.
	 * @return the name in lower case, such as {@code warning}
	 */
	public String code() {
		return this.code;
	}

}
