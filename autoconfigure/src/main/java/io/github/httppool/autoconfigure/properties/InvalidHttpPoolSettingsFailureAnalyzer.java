package io.github.httppool.autoconfigure.properties;

import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.httppool.InvalidHttpPoolSettingsException;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Explains a startup that failed because of invalid {@code http-pool.*} properties.
 * Reports all errors together.
 */
public final class InvalidHttpPoolSettingsFailureAnalyzer
		extends AbstractFailureAnalyzer<InvalidHttpPoolSettingsException> {

	private final WrittenProperties written;

	public InvalidHttpPoolSettingsFailureAnalyzer(Environment environment) {
		this.written = new WrittenProperties(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHttpPoolSettingsException cause) {
		return new FailureAnalysis(lines(cause, this::describe), lines(cause, this::advise), cause);
	}

	private static String lines(InvalidHttpPoolSettingsException cause, Function<Problem, String> line) {
		return cause.getProblems().stream().map(line).collect(Collectors.joining(System.lineSeparator()));
	}

	private String describe(Problem problem) {
		if ("".equals(problem.value())) {
			return "Property 'http-pool.%s' is missing.".formatted(problem.setting());
		}
		Origin origin = this.written.originOf("http-pool." + problem.setting());
		return "Property 'http-pool.%s' has the value '%s', which makes no sense%s.".formatted(problem.setting(),
				text(problem.value()), (origin != null) ? " (" + origin + ")" : "");
	}

	private String advise(Problem problem) {
		return "For 'http-pool.%s', %s.".formatted(problem.setting(), problem.advice());
	}

	private static Object text(Object value) {
		return (value instanceof Duration time) ? DurationFormatterUtils.print(time, Style.COMPOSITE) : value;
	}

}
