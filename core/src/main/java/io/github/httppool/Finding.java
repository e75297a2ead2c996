package io.github.httppool;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a pool or with one of its upstreams, found out from what the pool
 * saw in the last minutes, and what to do about it.
 *
 * @param code what it is
 * @param severity how bad it is
 * @param route the route that it is about, or {@code null} if it is about the whole pool
 * @param message what happens, with the numbers that show it
 * @param advice what to do: which property to set to which value, or which setting of the
 * server
 * @since 0.1.0
 */
public record Finding(FindingCode code, Severity severity, @Nullable String route, String message, String advice) {

	/**
	 * Create a finding.
	 * @throws IllegalArgumentException if the severity is not one of the code's
	 */
	public Finding {
		if (!code.severities().contains(severity)) {
			throw new IllegalArgumentException(
					"%s has no severity %s: use one of %s".formatted(code, severity, code.severities()));
		}
	}

	/**
	 * How bad a finding is.
	 */
	public enum Severity {

		/** Nothing fails; something is wasted. */
		INFO,

		/** Calls are slower than they need to be, or fail now and then. */
		WARNING,

		/** Calls fail, or are about to. */
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

}
