package io.github.httppool.apptests;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import io.github.httppool.jvm.ForkedJvm;
import io.github.httppool.jvm.OurModules;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Restarts with Spring Boot's DevTools, in a JVM of their own: on the class path of other
 * tests they would change defaults. The classes of the application are in a folder and
 * restart; ours are in a jar and stay, as those of a dependency do.
 */
@Tag("slow")
class DevToolsTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	@TempDir
	Path folder;

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void eachRestartHasPoolsOfItsOwnAndLeavesNoMoreThanPlainSpringBoot() throws Exception {
		String pooled = run("true");
		assertThat(pooled).contains("start 1 in RestartClassLoader: hello, 1 call",
				"start 4 in RestartClassLoader: hello, 1 call");
		assertThat(this.upstream.accepted()).isEqualTo(4);
		Awaitility.await().until(() -> this.upstream.open() == 0);
		assertThat(number(pooled, "pool threads: ")).isLessThanOrEqualTo(1);
		String plain = run("false");
		assertThat(plain).contains("start 4 in RestartClassLoader: hello, no pool");
		assertThat(number(pooled, "class loaders left: ")).isLessThanOrEqualTo(number(plain, "class loaders left: "));
	}

	private String run(String enabled) throws Exception {
		return ForkedJvm.with(classPath())
			.options("-XX:SoftRefLRUPolicyMSPerMB=0", "-Xmx256m")
			.run(DevToolsApplication.class.getName(), this.upstream.url(), "4", enabled);
	}

	private static int number(String output, String label) {
		return output.lines()
			.filter((line) -> line.startsWith(label))
			.map((line) -> Integer.parseInt(line.substring(label.length())))
			.findFirst()
			.orElseThrow(() -> new AssertionError(output));
	}

	private List<String> classPath() throws Exception {
		List<Path> ours = OurModules.locations();
		List<String> classPath = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			classPath.add(ours.contains(Path.of(element)) && Files.isDirectory(Path.of(element)) ? jar(Path.of(element))
					: element);
		}
		// Copied there by the build.
		try (Stream<Path> files = Files.list(Path.of("target/devtools"))) {
			files.forEach((file) -> classPath.add(file.toString()));
		}
		assertThat(classPath).anyMatch((element) -> element.contains("spring-boot-devtools"));
		return classPath;
	}

	private String jar(Path classes) throws IOException {
		Path jar = this.folder.resolve("http-pool-" + OurModules.locations().indexOf(classes) + ".jar");
		if (!Files.exists(jar)) {
			try (OutputStream output = Files.newOutputStream(jar);
					JarOutputStream entries = new JarOutputStream(output);
					Stream<Path> files = Files.walk(classes)) {
				for (Path file : files.filter(Files::isRegularFile).toList()) {
					entries.putNextEntry(
							new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
					Files.copy(file, entries);
				}
			}
		}
		return jar.toString();
	}

}
