package io.github.httppool.autoconfigure;

/**
 * Thrown when Spring Boot on the class path is too old.
 */
final class UnsupportedSpringBootException extends IllegalStateException {

	UnsupportedSpringBootException(String version) {
		super("HTTP Pool requires Spring Boot 4.0 or later, but found Spring Boot " + version);
	}

}
