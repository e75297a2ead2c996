package io.github.httppool.hc5.observe;

import io.github.httppool.Finding;
import org.slf4j.event.Level;

/**
 * A change of a finding, as shown in the log and in the events.
 *
 * @param finding the finding
 * @param level the log level
 * @param change how the finding changed; empty if it appeared
 * @param message the description of the problem
 * @param advice what to do
 * @param note further information
 */
record FindingUpdate(Finding finding, Level level, String change, String message, String advice, String note) {

	/**
	 * Return whether the finding appeared or became worse.
	 */
	boolean isWorse() {
		return !this.change.equals("is over") && !this.change.startsWith("is no longer");
	}

	/**
	 * Return the text of the event.
	 */
	String event() {
		return switch (this.change) {
			case "" -> "%s (%s): %s".formatted(this.finding.code(), this.finding.severity().code(), this.message);
			default -> "%s %s: %s".formatted(this.finding.code(), this.change, this.message);
		};
	}

	/**
	 * Return the lines of the log: what happened, then details, then advice.
	 */
	String text(String pool) {
		String route = (this.finding.route() != null) ? ", route " + this.finding.route() : "";
		String[] sentences = this.message.split("(?<=\\.) ", 2);
		String change = this.change.isEmpty() ? "" : " " + this.change;
		return FindingLines.of(
				"%s%s (pool '%s'%s): %s".formatted(this.finding.code(), change, pool, route, sentences[0]),
				(sentences.length > 1) ? sentences[1] : "", this.advice, this.note);
	}

}
