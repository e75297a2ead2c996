package io.github.httppool;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Settings of a pool make no sense. Names all mistakes at once.
 *
 * @since 0.1.0
 */
public class InvalidHttpPoolSettingsException extends IllegalArgumentException {

	private final transient List<Problem> problems;

	/**
	 * Create an exception.
	 * @param problems the mistakes, at least one
	 */
	public InvalidHttpPoolSettingsException(List<Problem> problems) {
		super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
		this.problems = List.copyOf(problems);
	}

	/**
	 * Return the mistakes.
	 * @return at least one
	 */
	public List<Problem> getProblems() {
		return this.problems;
	}

	/**
	 * A setting that makes no sense.
	 *
	 * @param setting the setting's name as in a properties file, such as
	 * {@code max-total}
	 * @param value the value that was given
	 * @param advice what to write instead
	 */
	public record Problem(String setting, Object value, String advice) {

		private String text() {
			if (this.value instanceof Duration time) {
				// "PT1M30S" as a property has it
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
