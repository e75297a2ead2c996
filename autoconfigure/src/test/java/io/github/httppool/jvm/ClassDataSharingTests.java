package io.github.httppool.jvm;

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

import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application's classes can be put into an archive for class data sharing, ours among
 * them, and it runs from there.
 */
@Tag("slow")
class ClassDataSharingTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void anApplicationCallsThroughThePoolFromAnArchive() throws Exception {
		List<String> jars = jars();
		Path archive = this.directory.resolve("application.jsa");
		Path loaded = this.directory.resolve("loaded.txt");
		run(jars, "-XX:ArchiveClassesAtExit=" + archive);
		assertThat(archive).isNotEmptyFile();
		String output = run(jars, "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load:file=" + loaded);
		assertThat(output)
			.contains("client: hello\n", "builder: hello\n", "template: hello\n", "service: hello\n",
					"further pool: hello\n")
			.contains("threads: []");
		assertThat(this.upstream.accepted()).isEqualTo(4);
		assertThat(Files.readAllLines(loaded)).filteredOn((line) -> line.contains(" io.github.httppool.hc5."))
			.as("classes of the engine")
			.hasSizeGreaterThan(20)
			.allMatch((line) -> line.contains("shared objects file"));
	}

	private String run(List<String> jars, String... options) throws Exception {
		return ForkedJvm.with(jars)
			.options(options)
			.run(StartedApplication.class.getName(), StartedApplication.arguments(this.upstream.port()));
	}

	/**
	 * Return the class path without directories, of which there can be no archive.
	 */
	private List<String> jars() throws IOException {
		List<String> jars = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(element);
			jars.add(Files.isDirectory(path) ? jar(path, "classes-" + jars.size()).toString() : element);
		}
		return jars;
	}

	private Path jar(Path classes, String name) throws IOException {
		Path jar = this.directory.resolve(name + ".jar");
		try (OutputStream output = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(output);
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				entries
					.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
				Files.copy(file, entries);
			}
		}
		return jar;
	}

}
