package io.github.httppool.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import com.jayway.jsonpath.JsonPath;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application can be processed ahead of time, as {@code process-aot} does, and started
 * from what that wrote.
 */
@Tag("slow")
class AheadOfTimeTests {

	private static final String PACKAGE = "io.github.httppool.";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void anApplicationProcessedAheadOfTimeCallsThroughThePool() throws Exception {
		Path sources = this.directory.resolve("sources");
		Path resources = this.directory.resolve("resources");
		Path classes = Files.createDirectory(this.directory.resolve("classes"));
		List<String> arguments = new ArrayList<>(List.of(StartedApplication.class.getName(), sources.toString(),
				resources.toString(), classes.toString(), "test", "application"));
		arguments.addAll(List.of(StartedApplication.arguments(this.upstream.port())));
		ForkedJvm.withTheClassPathOfTheTests()
			.run("org.springframework.boot.SpringApplicationAotProcessor", arguments.toArray(String[]::new));
		assertThat(this.upstream.accepted()).isZero();
		compile(sources, classes);
		List<String> classPath = new ArrayList<>(List.of(classes.toString(), resources.toString()));
		classPath.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
		String output = ForkedJvm.with(classPath)
			.options("-Dspring.aot.enabled=true")
			.run(StartedApplication.class.getName(), StartedApplication.arguments(this.upstream.port()));
		assertThat(output).contains("ahead of time: true\n")
			.contains("client: hello\n", "builder: hello\n", "template: hello\n", "service: hello\n",
					"further pool: hello\n")
			.contains("told of connections: 2\n")
			.contains("endpoint: {\"pools\":{\"default\":{\"findings\":[],\"since\":")
			.contains("\"limits\":{\"maxTotal\":200,\"maxPerRoute\":7,",
					"\"limits\":{\"maxTotal\":3,\"maxPerRoute\":7,")
			.contains("\"type\":\"opened\"", "\"httpPool\":{\"components\":{\"default\":{\"status\":\"UP\"}")
			.contains("http.client.open_connections", "http.pool.acquire")
			.doesNotContain("selects another request factory")
			.contains("threads: []");
		assertThat(this.upstream.accepted()).isEqualTo(2);
		assertThatANativeImageHasWhatIsReadByReflection(resources);
	}

	private static void compile(Path sources, Path classes) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters", "-d",
				classes.toString(), "-cp", classes + File.pathSeparator + System.getProperty("java.class.path")));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((name) -> name.endsWith(".java")).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
			.isZero();
	}

	private static void assertThatANativeImageHasWhatIsReadByReflection(Path resources) throws IOException {
		Path metadata = resources.resolve("META-INF/native-image/test/application/reachability-metadata.json");
		List<String> types = JsonPath.parse(metadata.toFile()).read("$.reflection[*].type");
		assertThat(types).contains(PACKAGE + "actuate.HttpPoolEndpoint",
				PACKAGE + "actuate.HttpPoolEndpoint$PoolsDescriptor", PACKAGE + "actuate.PoolDescriptor",
				PACKAGE + "actuate.PoolDescriptor$Limits", PACKAGE + "actuate.PoolDescriptor$Connections",
				PACKAGE + "actuate.PoolDescriptor$Lease", PACKAGE + "actuate.PoolDescriptor$Problem",
				PACKAGE + "actuate.RecentDescriptor", PACKAGE + "actuate.TotalsDescriptor",
				PACKAGE + "actuate.RouteDescriptor", PACKAGE + "actuate.TotalsDescriptor$Times",
				PACKAGE + "actuate.DetailDescriptor", PACKAGE + "actuate.DetailDescriptor$Event",
				PACKAGE + "actuate.PageDescriptor", PACKAGE + "actuate.PageDescriptor$Pool",
				PACKAGE + "actuate.PageDescriptor$Sample", PACKAGE + "autoconfigure.properties.HttpPoolProperties",
				PACKAGE + "autoconfigure.properties.HttpPoolProperties$Metrics",
				PACKAGE + "autoconfigure.properties.HttpPoolProperties$Pool",
				PACKAGE + "autoconfigure.properties.DrainProperties",
				PACKAGE + "autoconfigure.properties.ProxyProperties",
				PACKAGE + "autoconfigure.properties.RouteProperties",
				PACKAGE + "autoconfigure.properties.WarmUpProperties",
				"org.springframework.boot.http.client.HttpComponentsHttpClientBuilder");
		assertThat(JsonPath.parse(metadata.toFile()).<List<String>>read("$.resources[*].glob"))
			.contains("io/github/httppool/actuate/page/*");
	}

}
