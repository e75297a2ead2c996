package io.github.httppool.findings;

import java.util.List;
import java.util.function.Supplier;

import io.github.httppool.FindingCode;

/**
 * A situation beside the one that a finding is about, and what is found in it.
 *
 * @param code the finding
 * @param kind what is different
 * @param story what happens, as the table of the documentation shows it
 * @param expected the codes and severities that are found, in order
 * @param advice a part of the advice of the first one
 * @param seen what a pool sees of it
 */
public record Variation(FindingCode code, Kind kind, String story, List<String> expected, String advice,
		Supplier<Seen> seen) {

	/**
	 * What is different.
	 */
	public enum Kind {

		/** Limits change under way. */
		RESIZE,

		/** It becomes worse. */
		WORSE,

		/** It looks alike, and has another cause. */
		NEIGHBOUR

	}

	List<String> found() {
		return this.seen.get()
			.findings()
			.stream()
			.map((finding) -> finding.code() + " " + finding.severity().code())
			.toList();
	}

	@Override
	public String toString() {
		return this.code + ", " + this.kind + ": " + this.story;
	}

}
