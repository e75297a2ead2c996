package io.github.httppool.testing;

import org.springframework.boot.SpringBootVersion;

/**
 * The version of Spring Boot with which the tests run.
 */
final class BootVersion {

	private BootVersion() {
	}

	static boolean isAtLeast41() {
		return !SpringBootVersion.getVersion().startsWith("4.0.");
	}

}
