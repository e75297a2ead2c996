package io.github.httppool;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Thrown when settings of a pool are invalid. Lists all problems together.
 *
 * @since 0.1.0
 */
public class InvalidHttpPoolSettingsException extends IllegalArgumentException {

	private final transient List<Problem> problems;

	/**
	 * Create an exception.
	 * @param problems the problems, at least one
	 */
	public InvalidHttpPoolSettingsException(List<Problem> problems) {
		super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Return the problems.
	 * @return at least one problem, unmodifiable; empty after deserialization
	 */
	public List<Problem> getProblems() {
		return (this.problems != null) ? this.problems : List.of();
	}

	/**
	 * An invalid setting. Immutable.
	 *
	 * @param setting the name of the property without its prefix, such as
	 * {@code max-total}
	 * @param value the invalid value, an empty text if it is missing
	 * @param advice what to set instead
	 * @since 0.1.0
	 */
	public record Problem(String setting, Object value, String advice) {

		private String text() {
			if (this.value instanceof Duration time) {
				// Turn "PT1M30S" into the format of properties
				return time.toString().substring(2).toLowerCase(Locale.ROOT);
			}
			return "".equals(this.value) ? "missing" : this.value.toString();
		}

		@Override
		public String toString() {
			return "http-pool." + this.setting + " is " + text() + ": " + this.advice;
		}

	}

}
