package io.github.httppool.findings;

import java.util.List;
import java.util.function.Supplier;

import io.github.httppool.FindingCode;

/**
 * A variation of the situation that a finding is about, and the expected findings.
 *
 * @param code the finding
 * @param kind the kind of variation
 * @param story a description for the table in the documentation
 * @param expected the codes and severities that are found, in order
 * @param advice a part of the advice of the first one
 * @param seen the recorded window
 */
public record Variation(FindingCode code, Kind kind, String story, List<String> expected, String advice,
		Supplier<Seen> seen) {

	/**
	 * The kind of variation.
	 */
	public enum Kind {

		/**
		 * Limits change meanwhile.
		 */
		RESIZE,

		/**
		 * The problem becomes worse.
		 */
		WORSE,

		/**
		 * A similar situation with another cause.
		 */
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
