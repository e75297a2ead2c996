package io.github.httppool.jvm;

import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left of a context in a JVM that goes on without it.
 */
class RestartTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/slow" -> exchange.head(200, "Content-Length: 1000").sendRaw("a").stall();
			case "/broken" -> exchange.head(200, "Content-Length: 1000").sendRaw("a").close();
			default -> exchange.ok("hello");
		}
	});

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void twentyRestartsLeaveNoThreadNoSocketAndNoClass() throws Exception {
		String output = ForkedJvm.withTheClassPathOfTheTests()
			// Caches of Spring and the JDK hold what they remember by soft references.
			.options("-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx256m")
			.run(RestartingJvm.class.getName(), this.upstream.url(), "20");
		assertThat(output).contains("restarts: 20\n", "class loaders left: 0\n", "threads left: []\n",
				"further sockets: 0\n");
		assertThat(this.upstream.accepted()).isGreaterThanOrEqualTo(3 * 20);
		Awaitility.await().untilAsserted(() -> assertThat(this.upstream.open()).isZero());
	}

}
