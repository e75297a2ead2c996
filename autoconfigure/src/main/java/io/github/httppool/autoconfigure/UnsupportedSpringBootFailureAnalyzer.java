package io.github.httppool.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Reports the supported versions of Spring Boot. Uses only API that also exists in Spring
 * Boot 3.
 */
final class UnsupportedSpringBootFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedSpringBootException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Use Spring Boot 4.1, or Spring Boot 4.0 with HttpClient 5.6. To stay with this version of Spring Boot, "
						+ "remove the dependency 'io.github.httppool:http-pool-spring-boot-starter'.",
				cause);
	}

}
