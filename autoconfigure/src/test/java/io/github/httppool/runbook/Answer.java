package io.github.httppool.runbook;

import java.util.regex.Pattern;

/**
 * A request and what it brought, as they stand in the runbook.
 *
 * @param key names the place in the page
 * @param language of the request
 * @param request what the engineer enters
 * @param answer what is printed
 */
record Answer(String key, String language, String request, String answer) {

	private static final Pattern NUMBER = Pattern.compile("\\d[\\d,]*(\\.\\d+)?([Ee]-?\\d+)?((ms|us|min|[smh])\\b)?");

	private static final Pattern CHOSEN = Pattern.compile("(?<=maxPerRoute\": )\\d+");

	String text() {
		return "```" + this.language + "\n" + this.request + "\n```\n\n```text\n" + this.answer + "\n```\n";
	}

	/**
	 * Returns whether a text is the same but for its numbers, which differ in each run,
	 * and for where its lines are broken because of them.
	 */
	boolean isLike(String text) {
		return masked(text).equals(masked(text()));
	}

	private static String masked(String text) {
		int answer = text.indexOf("```text");
		return (answer < 0) ? text : CHOSEN.matcher(text.substring(0, answer)).replaceAll("#")
				+ NUMBER.matcher(text.substring(answer)).replaceAll("#").replaceAll("\\s+", " ");
	}

}
