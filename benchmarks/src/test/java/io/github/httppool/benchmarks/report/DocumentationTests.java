package io.github.httppool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Documentation} and {@link Goal}.
 */
class DocumentationTests {

	@TempDir
	Path project;

	@Test
	void tablesAreWrittenIntoEachPageWithMarkers() throws IOException {
		Path readme = Files.writeString(this.project.resolve("README.md"), "no markers\n");
		Path page = Files.createDirectory(this.project.resolve("docs")).resolve("performance.md");
		Files.writeString(page, "before\n<!-- benchmarks: begin -->\nold\n<!-- benchmarks: end -->\nafter\n");
		Goal missed = Goal.atMost("CPU", Statistics.of(1.2), 0.9);
		new Documentation(this.project).write("| tables |\n", "<svg/>", List.of(missed), "the base", "a machine");
		assertThat(page).hasContent("""
				before
				<!-- benchmarks: begin -->

				| tables |

				![Calls per second](benchmarks.svg)

				<!-- benchmarks: end -->
				after
				""");
		assertThat(readme).hasContent("no markers\n");
		assertThat(this.project.resolve("docs/benchmarks.md")).content()
			.contains("\"the base\"", "| CPU | 1.200 (1.200 to 1.200) | at most 0.90 | **no** |", "a machine");
	}

	@Test
	void aGoalIsReachedAtItsBound() {
		assertThat(Goal.atLeast("calls", Statistics.of(1.05), 1.05).reached()).isTrue();
		assertThat(Goal.atLeast("calls", Statistics.of(1.04), 1.05).reached()).isFalse();
	}

}
