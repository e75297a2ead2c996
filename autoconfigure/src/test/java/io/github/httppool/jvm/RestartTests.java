package io.github.httppool.jvm;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left of a context in a JVM that goes on without it.
 */
@Tag("waiting")
class RestartTests {

	private static final Pattern RETAINING = Pattern.compile("reactor|netty|webflux|webclient|tracing");

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
		String output = ForkedJvm.with(classPathWithoutRetainingLibraries())
			// Caches of Spring and the JDK hold what they remember by soft references.
			.options("-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx256m")
			.run(RestartingJvm.class.getName(), this.upstream.url(), "20");
		assertThat(output).contains("restarts: 20\n", "class loaders left: 0\n", "threads left: []\n",
				"further sockets: 0\n");
		assertThat(this.upstream.accepted()).isGreaterThanOrEqualTo(3 * 20);
		Awaitility.await().untilAsserted(() -> assertThat(this.upstream.open()).isZero());
	}

	/**
	 * The threads of Reactor live as long as the JVM, each with the class loader of the
	 * first context. With tracing, Micrometer's listener of Logback keeps the registry of
	 * the last context, and Spring Boot's exemplars in it keep the bean factory.
	 */
	private static List<String> classPathWithoutRetainingLibraries() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((element) -> !RETAINING.matcher(Path.of(element).getFileName().toString()).find())
			.toList();
	}

}
