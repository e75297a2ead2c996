package io.github.httppool.jvm;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The pool on the class path of an application of Spring Boot 3, which the build copies
 * from the repository.
 */
@Tag("waiting")
class SpringBoot3Tests {

	private static final String MAIN_CLASS = SpringBoot3Application.class.getName();

	@TempDir
	private Path application;

	private final List<String> classPath = new ArrayList<>();

	@BeforeEach
	void putTheClassPathTogether() throws Exception {
		String name = MAIN_CLASS.replace('.', '/') + ".class";
		Path copy = this.application.resolve(name);
		Files.createDirectories(copy.getParent());
		try (InputStream bytes = SpringBoot3Application.class.getResourceAsStream("/" + name)) {
			Files.copy(bytes, copy);
		}
		this.classPath.add(this.application.toString());
		OurModules.locations().forEach((module) -> this.classPath.add(module.toString()));
		try (Stream<Path> jars = Files.list(Path.of("target", "spring-boot-3"))) {
			jars.map(Path::toAbsolutePath).map(Path::toString).forEach(this.classPath::add);
		}
	}

	@Test
	void startFailsWithTheVersionsThatAreSupported() {
		assertFailsWithTheVersionsThatAreSupported();
	}

	/**
	 * What the dependencies of the starter are where Spring Boot 3 does not manage them.
	 */
	@Test
	void startFailsInTheSameWayBesideModulesOfSpringBoot4() {
		Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> Path.of(entry)
				.getFileName()
				.toString()
				.matches("(spring-boot-(http-client|restclient|http-converter|health)|spring-web|httpc).*\\.jar"))
			.forEach(this.classPath::add);
		assertThat(this.classPath).anyMatch((entry) -> entry.contains("spring-boot-restclient-4"));
		assertFailsWithTheVersionsThatAreSupported();
	}

	@Test
	void withoutThePoolTheApplicationStarts() throws Exception {
		assertThat(ForkedJvm.with(this.classPath).run(MAIN_CLASS, "--http-pool.enabled=false"))
			.contains("Started with Spring Boot 3.");
	}

	private void assertFailsWithTheVersionsThatAreSupported() {
		Throwable failure = catchThrowable(() -> ForkedJvm.with(this.classPath).run(MAIN_CLASS));
		assertThat(failure).isInstanceOf(AssertionError.class);
		assertThat(failure.getMessage()).contains("APPLICATION FAILED TO START")
			.containsPattern("HTTP Pool requires Spring Boot 4\\.0 or later, but found Spring Boot 3\\.\\d+\\.\\d+\\.")
			.contains("Use Spring Boot 4.1", "remove the dependency")
			.doesNotContain("NoClassDefFoundError", "ClassNotFoundException", "NoSuchMethodError", "\tat ");
	}

}
