package io.github.httppool.testing.boot;

import java.util.Arrays;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves Spring Cloud out of the applications of tests that do not ask for it: it is on
 * the class path of all of them.
 */
public final class SpringCloudIfAsked implements AutoConfigurationImportFilter, EnvironmentAware {

	/** To be {@code true} in the properties of an application with Spring Cloud. */
	public static final String PROPERTY = "test.spring-cloud";

	private Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		Arrays.fill(matches, true);
		if (!this.environment.getProperty(PROPERTY, Boolean.class, false)) {
			for (int i = 0; i < classes.length; i++) {
				matches[i] = classes[i] == null || !classes[i].startsWith("org.springframework.cloud.");
			}
		}
		return matches;
	}

}
