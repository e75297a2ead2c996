package io.github.httppool.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.httppool.Finding;
import io.github.httppool.findings.Variations;

/**
 * The table of all findings, as it lies in the documentation.
 */
final class FaultTable {

	/** Seen from the module, in which its tests run. */
	static final Path FILE = Path.of("..", "docs", "findings.md");

	private static final String INTRODUCTION = """
			# Findings

			This page lists the findings that a pool reports about itself and its upstreams, with their advice. A run of `FaultTableTests` writes it. The test creates each situation with real servers, pools and callers. Its pools take a sample every 100 ms and look back 3 s, instead of 5 s and 2 minutes. The test asserts that the finding appears with the right route and numbers, that it ends with its cause, and that no other finding appears beside it at any moment. The build fails if this page differs from the run.

			The advice is that of the run; `…` replaces text that depends on its numbers.

			| code | severity | situation | advice |
			| --- | --- | --- | --- |
			""";

	private static final String VARIATIONS = """

			## Beside each finding

			This table shows the findings if limits change, if the situation becomes worse, and if a similar situation has another cause. `VariationsTests` plays each situation as two minutes of samples, and asserts that the pool finds exactly this. It also asserts, for each finding, that a refresh of another setting, an eviction, a pause of the process and a jump of the wall clock cause no further finding that blames a server or a caller.

			| code | what is different | situation | found |
			| --- | --- | --- | --- |
			""";

	private static final String HEALTHY = """

			## Workloads without findings

			The test runs these workloads in the same way. The pool reports no finding at any moment.

			| workload | what happens |
			| --- | --- |
			""";

	private FaultTable() {
	}

	/**
	 * Write the table unless it lies there as it should.
	 * @return whether it did
	 */
	static boolean isCurrent(Map<FaultCase, Finding> found, List<HealthyCase> healthy) throws IOException {
		String text = text(found, healthy);
		if (Files.exists(FILE) && Files.readString(FILE).equals(text)) {
			return true;
		}
		Files.createDirectories(FILE.getParent());
		Files.writeString(FILE, text);
		return false;
	}

	private static String text(Map<FaultCase, Finding> found, List<HealthyCase> healthy) {
		StringBuilder text = new StringBuilder(INTRODUCTION);
		found.forEach((fault, finding) -> {
			String advice = finding.advice().replaceAll(fault.varying(), "…").replace("|", "\\|");
			row(text, "`" + finding.code() + "`", finding.severity().code(), fault.story(), advice + ".");
		});
		text.append(VARIATIONS);
		Variations.all().forEach((variation) -> row(text, "`" + variation.code() + "`", switch (variation.kind()) {
			case RESIZE -> "a resize";
			case WORSE -> "it becomes worse";
			case NEIGHBOUR -> "another cause";
		}, variation.story(), variation.expected().isEmpty() ? "nothing" : String.join(", ", variation.expected())));
		text.append(HEALTHY);
		healthy.forEach((workload) -> row(text, workload.name(), workload.story()));
		return text.toString();
	}

	private static void row(StringBuilder text, String... cells) {
		text.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

}
