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

			What a pool finds out about itself and its upstreams, and what it says to do about it. Written by a run of `FaultTableTests`, which makes each situation with real servers, pools and callers, over a pool that takes a sample every 100 ms and looks back on 3 s, in place of 5 s and 2 minutes. It asserts that the finding comes, with the right route and numbers, that it goes with its cause, and that at no moment there is another one beside it. The build fails if this file says anything else than the run.

			The advice is that of the run; `…` stands for what depends on its numbers.

			| code | severity | situation | advice |
			| --- | --- | --- | --- |
			""";

	private static final String VARIATIONS = """

			## Beside each finding

			What is found when limits change under way, when it becomes worse, and in a situation that looks alike and has another cause. Played as two minutes of samples by `VariationsTests`, which asserts that exactly this is found. It also asserts, for each finding, that a refresh of another setting, an eviction, a pause of the process and a jump of the wall clock are blamed on nobody.

			| code | what is different | situation | found |
			| --- | --- | --- | --- |
			""";

	private static final String HEALTHY = """

			## Nothing to find

			In these workloads, played in the same way, there is no finding at any moment.

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
