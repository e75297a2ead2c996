package io.github.httppool.autoconfigure;

import java.util.stream.Collectors;

import io.github.httppool.InvalidHttpPoolSettingsException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a start that failed because of {@code http-pool.*} properties, all mistakes at
 * once.
 */
final class InvalidHttpPoolSettingsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidHttpPoolSettingsException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidHttpPoolSettingsException cause) {
		String description = cause.getProblems()
			.stream()
			.map((problem) -> "Property 'http-pool.%s' has the value '%s', which makes no sense."
				.formatted(problem.setting(), problem.value()))
			.collect(Collectors.joining(System.lineSeparator()));
		String action = cause.getProblems()
			.stream()
			.map((problem) -> "For 'http-pool.%s' %s.".formatted(problem.setting(), problem.advice()))
			.collect(Collectors.joining(System.lineSeparator()));
		return new FailureAnalysis(description, action, cause);
	}

}
