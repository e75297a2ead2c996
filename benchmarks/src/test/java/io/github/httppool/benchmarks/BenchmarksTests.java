package io.github.httppool.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Runs each benchmark for a moment: the numbers say nothing, but that there are any.
 */
class BenchmarksTests {

	private static final String README = "before\n<!-- benchmarks: begin -->old<!-- benchmarks: end -->\nafter\n";

	@BeforeAll
	static void letOthersMeasureAtTheSameTime() {
		System.setProperty("jmh.ignoreLock", "true");
	}

	@Test
	void everythingRunsAndTheTableIsWrittenBetweenItsMarkers(@TempDir Path project) throws Exception {
		Path readme = Files.writeString(project.resolve("README.md"), README);
		Benchmarks.run(project, "--brief");
		assertThat(readme).content()
			.startsWith("before\n<!-- benchmarks: begin -->\n")
			.endsWith("<!-- benchmarks: end -->\nafter\n")
			.contains("| **HTTP Pool** | ", "(docs/benchmarks.svg)")
			.doesNotContain("old", "NaN");
		assertThat(project.resolve("docs/benchmarks.svg")).content().contains(">HTTP Pool</text>").endsWith("</svg>\n");
		assertThat(project.resolve("docs/benchmarks.md")).content()
			.contains("| CPU of a call, 64 threads | ", "| start-up, more than without the starter | ");
	}

	@Test
	void aNameThatNothingBearsIsAnsweredWithAllNames(@TempDir Path project) {
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.run(project, "nothing"))
			.withMessageContaining("'nothing'")
			.withMessageContaining("clients, tls, virtual-threads");
	}

}
