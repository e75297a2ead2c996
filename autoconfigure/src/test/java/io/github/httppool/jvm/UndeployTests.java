package io.github.httppool.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left of a WAR after it was undeployed, with the pool and with Spring Boot
 * alone.
 */
@Tag("slow")
class UndeployTests {

	private static final Pattern LIBRARIES = Pattern.compile("(spring-(core|beans|context|aop|expression|web|webmvc)"
			+ "|spring-boot|spring-boot-(actuator|actuator-autoconfigure|autoconfigure|health|http-client|http-converter"
			+ "|jackson|micrometer-metrics|micrometer-observation|restclient|servlet|webmvc|web-server)"
			+ "|httpclient5|httpcore5|httpcore5-h2|jackson-(core|databind|annotations)|jspecify|commons-logging"
			+ "|logback-(classic|core)|slf4j-api|micrometer-(commons|core|observation)|HdrHistogram"
			+ "|snakeyaml|jakarta\\.annotation-api)-[0-9].*\\.jar");

	private static final Pattern SERVER = Pattern.compile("(tomcat-embed-(core|el)|jakarta\\.annotation-api)-.*\\.jar");

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void undeployingLeavesNoThreadAndNoClass() throws Exception {
		assertNothingIsLeft(undeploy(true));
	}

	@Test
	void neitherDoesSpringBootAlone() throws Exception {
		assertNothingIsLeft(undeploy(false));
	}

	private void assertNothingIsLeft(String output) {
		assertThat(output.lines()).filteredOn((line) -> line.equals("answer: hello")).hasSize(2);
		assertThat(output.lines()).filteredOn((line) -> line.equals("last call: hello")).hasSize(2);
		assertThat(output).contains("class loaders left: 0\n", "threads left: []\n");
		assertThat(this.upstream.accepted()).isPositive();
	}

	private String undeploy(boolean withPool) throws Exception {
		Path application = this.directory.resolve("application");
		Path server = this.directory.resolve("server");
		copyClass(UndeployedApplication.class, application.resolve("WEB-INF/classes"));
		copyClass(UndeployedApplication.Caller.class, application.resolve("WEB-INF/classes"));
		Path libraries = Files.createDirectories(application.resolve("WEB-INF/lib"));
		for (Path jar : jars(LIBRARIES)) {
			Files.copy(jar, libraries.resolve(jar.getFileName()));
		}
		if (withPool) {
			for (Path module : OurModules.locations()) {
				if (Files.isDirectory(module)) {
					copyTree(module, application.resolve("WEB-INF/classes"));
				}
				else {
					Files.copy(module, libraries.resolve(module.getFileName()));
				}
			}
		}
		copyClass(UndeployingServer.class, server);
		copyClass(Pause.class, server);
		List<String> classPath = Stream.concat(Stream.of(server), jars(SERVER).stream()).map(Path::toString).toList();
		return ForkedJvm.with(classPath)
			// Caches of Spring and the JDK hold what they remember by soft references.
			.options("-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx256m", "-Dupstream=" + this.upstream.url())
			.run(UndeployingServer.class.getName(), application.toString(), this.directory.resolve("tomcat").toString(),
					"2");
	}

	private static List<Path> jars(Pattern name) {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map(Path::of)
			.filter((element) -> name.matcher(element.getFileName().toString()).matches())
			.toList();
	}

	private static void copyClass(Class<?> type, Path directory) throws IOException {
		String name = type.getName().replace('.', '/') + ".class";
		Path copy = directory.resolve(name);
		Files.createDirectories(copy.getParent());
		Files.write(copy, type.getResourceAsStream("/" + name).readAllBytes());
	}

	private static void copyTree(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Path copy = to.resolve(from.relativize(file).toString());
				Files.createDirectories(copy.getParent());
				Files.copy(file, copy);
			}
		}
	}

}
