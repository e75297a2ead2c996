package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a startup that failed because a value below {@code http-pool} cannot be
 * converted. Ordered before Spring Boot's own analyzer, which reports classes and
 * converters.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		InvalidValue invalid = InvalidValue.of(cause);
		return (invalid != null) ? new FailureAnalysis(invalid.description(), invalid.advice(), cause) : null;
	}

}
