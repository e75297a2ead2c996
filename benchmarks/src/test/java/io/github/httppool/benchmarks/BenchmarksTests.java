package io.github.httppool.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.httppool.HttpPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Runs each command for a moment: the figures mean nothing, but they exist.
 */
class BenchmarksTests {

	private static final String README = "before\n<!-- benchmarks: begin -->old<!-- benchmarks: end -->\nafter\n";

	@TempDir
	Path project;

	@Tag("slow")
	@ParameterizedTest
	@ValueSource(strings = { "tls", "virtual-threads", "meters", "watched" })
	void aCommandWritesItsResultIntoTheTargetFolder(String command) throws Exception {
		new Benchmarks(this.project).run(command, "--brief");
		assertThat(this.project.resolve("target/results/" + command + ".md")).content()
			.startsWith("# " + command + "\n")
			.contains("Measured: ")
			.doesNotContain("NaN", "Infinity");
	}

	@Tag("slow")
	@Test
	void documentationIsWrittenOnRequestFromThreeRuns() throws Exception {
		Path readme = Files.writeString(this.project.resolve("README.md"), README);
		new Benchmarks(this.project).run("clients", "--brief", "--write-docs");
		assertThat(readme).content()
			.startsWith("before\n<!-- benchmarks: begin -->\n")
			.endsWith("<!-- benchmarks: end -->\nafter\n")
			.contains("| **HTTP Pool** | ", "(docs/benchmarks.svg)", "64 threads, observed", "Measured in 3 runs")
			.doesNotContain("old", "NaN", "calls of HTTP Pool failed");
		assertThat(this.project.resolve("docs/benchmarks.svg")).content()
			.contains(">HTTP Pool</text>")
			.endsWith("</svg>\n");
		assertThat(this.project.resolve("docs/benchmarks.md")).content()
			.contains("| CPU per call, 64 threads | ", "| start-up, more than without the starter | ");
		assertThat(this.project.resolve("target/results/clients.md")).isRegularFile();
	}

	@Test
	void fewerThanThreeRunsAreNotDocumented() throws IOException {
		Files.writeString(this.project.resolve("README.md"), README);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Benchmarks(this.project).run("clients", "--write-docs", "--runs=2"))
			.withMessageContaining("--runs=3");
	}

	@Test
	void documentationNeedsAPageWithMarkers() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new Benchmarks(this.project).run("clients", "--write-docs"))
			.withMessageContaining("<!-- benchmarks: begin -->");
	}

	@Tag("slow")
	@Test
	void twoBuildsAreComparedInTurn() throws Exception {
		String build = Path.of(HttpPool.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
		String all = String.join(java.io.File.pathSeparator, libraryBuild(build));
		new Benchmarks(this.project).run("compare-builds", "base=" + all, "new=" + all, "--brief");
		assertThat(this.project.resolve("target/results/compare-builds.md")).content()
			.contains("### BYTES, threads: 1", "| base | ", "| new | ")
			.contains("| 0 |")
			.doesNotContain("NaN");
	}

	/**
	 * Return all entries of the class path that belong to the library.
	 */
	private static List<String> libraryBuild(String build) throws Exception {
		var current = io.github.httppool.benchmarks.fork.ClassPath.current();
		return current.entries()
			.stream()
			.filter((entry) -> entry.equals(build) || !current.withoutLibrary().entries().contains(entry))
			.toList();
	}

	@Test
	void aBuildThatDoesNotExistIsNamed() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new Benchmarks(this.project).run("compare-builds", "base=nowhere", "new=nowhere"))
			.withMessageContaining("'nowhere'");
	}

	@Test
	void anUnknownCommandIsAnsweredWithAllCommands() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Benchmarks(this.project).run("nothing"))
			.withMessageContaining("'nothing'")
			.withMessageContaining("clients, waiting, lease, compare-builds");
	}

	@Test
	void anUnknownOptionIsAnsweredWithAllOptions() {
		assertThatIllegalArgumentException().isThrownBy(() -> Arguments.parse(List.of("--round=1"), Set.of("threads")))
			.withMessageContaining("'--round=1'")
			.withMessageContaining("rounds, runs, slice, threads");
	}

	@Test
	void helpNamesAllCommandsAndTheirOptions() {
		assertThat(new Benchmarks(this.project).usage()).contains("  compare-builds   two builds", "--write-docs",
				"--rounds=<number>", "  all ", "  jmh ");
	}

}
