package io.github.httppool.testing.boot;

import org.springframework.boot.SpringBootVersion;

/**
 * The version of Spring Boot with which the tests run.
 */
public final class BootVersion {

	private BootVersion() {
	}

	public static boolean isAtLeast41() {
		return !SpringBootVersion.getVersion().startsWith("4.0.");
	}

}
