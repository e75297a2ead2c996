package io.github.httppool.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains how an application gets the required versions of HttpClient and HttpCore.
 */
final class UnsupportedHttpClientFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedHttpClientException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedHttpClientException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Use Spring Boot 4.1, which brings them. With Spring Boot 4.0 set the version of "
						+ "'org.apache.httpcomponents.client5:httpclient5' to 5.6.4 and that of "
						+ "'org.apache.httpcomponents.core5:httpcore5' to 5.4.3, or later ones: with "
						+ "spring-boot-starter-parent by the properties 'httpclient5.version' and 'httpcore5.version'.",
				cause);
	}

}
