package io.github.httppool.jvm;

import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls while the JVM exits.
 */
@Tag("slow")
class ExitTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void workThatSpringWaitsForMakesItsCallsWhileTheJvmExits(boolean pooled) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
			String output = ForkedJvm.withTheClassPathOfTheTests()
				.run(ExitingApplication.class.getName(), upstream.url(), "--http-pool.enabled=" + pooled);
			assertThat(output).contains("call 0: hello", "call 1: hello", "call 2: hello", "call 3: hello",
					"call 4: hello");
			assertThat(upstream.requests()).hasSize(5);
		}
	}

}
