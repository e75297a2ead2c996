package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * A problem of a pool or of one of its upstreams that the pool detected in the last few
 * minutes, with advice. Immutable.
 *
 * @param code the kind of problem
 * @param severity the severity of the problem
 * @param route the route that has the problem, or {@code null} if it concerns the whole
 * pool
 * @param message what happens, with the numbers that show it
 * @param advice what to do: which property to set to which value, or which setting of the
 * server to change
 * @since 0.1.0
 */
public record Finding(FindingCode code, Severity severity, @Nullable String route, String message, String advice) {

	/**
	 * Create a finding.
	 * @param code the kind of problem
	 * @param severity the severity of the problem
	 * @param route the route that has the problem, or {@code null}
	 * @param message what happens, with the numbers that show it
	 * @param advice what to do
	 * @throws IllegalArgumentException if findings with this code never have this
	 * severity
	 */
	public Finding {
		if (!code.severities().contains(severity)) {
			throw new IllegalArgumentException(
					"%s has no severity %s: use one of %s".formatted(code, severity, code.severities()));
		}
	}

}
