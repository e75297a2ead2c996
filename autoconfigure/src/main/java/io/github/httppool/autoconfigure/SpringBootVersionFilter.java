package io.github.httppool.autoconfigure;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.Environment;

/**
 * Fails the startup of an application with Spring Boot 3 or earlier. Spring Boot 3 also
 * finds the auto-configurations of the pool, and would fail because of a missing class.
 * This class uses only API that exists in both versions.
 */
final class SpringBootVersionFilter implements AutoConfigurationImportFilter, EnvironmentAware, PriorityOrdered {

	private @Nullable Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurations, @Nullable AutoConfigurationMetadata metadata) {
		return match(autoConfigurations, SpringBootVersion.getVersion());
	}

	boolean[] match(@Nullable String[] autoConfigurations, @Nullable String version) {
		boolean[] matches = new boolean[autoConfigurations.length];
		Arrays.fill(matches, true);
		if (version != null && version.matches("[123]\\..*")) {
			for (int i = 0; i < matches.length; i++) {
				String name = autoConfigurations[i];
				matches[i] = name == null || !name.startsWith("io.github.httppool.");
				if (!matches[i] && isEnabled()) {
					throw new UnsupportedSpringBootException(version);
				}
			}
		}
		return matches;
	}

	private boolean isEnabled() {
		return this.environment == null || this.environment.getProperty("http-pool.enabled", Boolean.class, true);
	}

}
