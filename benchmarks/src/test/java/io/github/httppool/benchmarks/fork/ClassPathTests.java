package io.github.httppool.benchmarks.fork;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link ClassPath}.
 */
class ClassPathTests {

	private static final String OTHER = "httpclient5-5.6.4.jar";

	private final ClassPath classPath = new ClassPath(List.of("/p/benchmarks/target/classes", "/p/core/target/classes",
			"/p/autoconfigure/target/classes", "/r/http-pool-core-0.1.0.jar", "/t/http-pool-benchmarks123.jar", OTHER));

	@Test
	void theLibraryConsistsOfItsModulesAndJars() {
		assertThat(this.classPath.withoutLibrary().entries()).containsExactly("/p/benchmarks/target/classes",
				"/t/http-pool-benchmarks123.jar", OTHER);
	}

	@Test
	void anotherBuildTakesThePlaceOfTheLibrary(@TempDir Path folder) throws IOException {
		Path jar = Files.createFile(folder.resolve("old.jar"));
		Path classes = Files.createDirectory(folder.resolve("classes"));
		assertThat(this.classPath.withLibrary(jar + File.pathSeparator + classes).entries())
			.startsWith(jar.toString(), classes.toString())
			.endsWith(OTHER)
			.doesNotContain("/p/core/target/classes", "/r/http-pool-core-0.1.0.jar");
	}

	@Test
	void theFolderOfAProjectIsABuildOfItsModules(@TempDir Path project) throws IOException {
		Files.createFile(project.resolve("pom.xml"));
		Path core = Files.createDirectories(project.resolve("core/target/classes"));
		Files.createDirectories(project.resolve("benchmarks/target/classes"));
		Files.createDirectories(project.resolve("sample-app/target/classes"));
		Files.createDirectories(project.resolve("starter"));
		assertThat(this.classPath.withLibrary(project.toString()).entries()).startsWith(core.toString())
			.noneMatch((entry) -> entry.startsWith(project.resolve("benchmarks").toString()))
			.noneMatch((entry) -> entry.startsWith(project.resolve("sample-app").toString()));
	}

	@Test
	void aProjectThatIsNotCompiledIsRefused(@TempDir Path project) throws IOException {
		Files.createFile(project.resolve("pom.xml"));
		assertThatIOException().isThrownBy(() -> this.classPath.withLibrary(project.toString()))
			.withMessageContaining(project.toString());
	}

}
