package io.github.httppool.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SpringBootVersionFilter}.
 */
class SpringBootVersionFilterTests {

	private static final String[] CANDIDATES = { "com.example.ExampleAutoConfiguration", null,
			HttpPoolAutoConfiguration.class.getName() };

	private final SpringBootVersionFilter filter = new SpringBootVersionFilter();

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0", "4.1.1", "4.2.0-SNAPSHOT", "5.0.0", "10.0.0", "unknown" })
	@NullSource
	void everyLaterOrUnknownVersionIsLeftAlone(String version) {
		assertThat(this.filter.match(CANDIDATES, version)).containsOnly(true);
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.5.8", "3.0.0-RC1", "2.7.18" })
	void anEarlierVersionIsRefused(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootException.class)
			.isThrownBy(() -> this.filter.match(CANDIDATES, version))
			.withMessageContaining(version);
	}

	@Test
	void wherePoolsAreExcludedOrNotEnabledAnEarlierVersionStarts() {
		assertThat(this.filter.match(new String[] { "com.example.ExampleAutoConfiguration" }, "3.5.8"))
			.containsExactly(true);
		this.filter.setEnvironment(new MockEnvironment().withProperty("http-pool.enabled", "false"));
		assertThat(this.filter.match(CANDIDATES, "3.5.8")).containsExactly(true, true, false);
	}

}
