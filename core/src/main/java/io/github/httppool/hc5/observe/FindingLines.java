package io.github.httppool.hc5.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks a log entry into lines: first what happened, then the details. Log viewers
 * truncate longer lines. Unlike {@link io.github.httppool.findings.MessageLines}, this
 * class never splits a word.
 */
final class FindingLines {

	/**
	 * Leaves the line below 300 characters, including the prefix of a typical log
	 * pattern.
	 */
	static final int MAX_LENGTH = 190;

	private static final String INDENT = "    ";

	private FindingLines() {
	}

	/**
	 * Formats texts on separate lines.
	 * @param what what happened, on which pool and route
	 * @param details the details, each on lines of its own
	 */
	static String of(String what, String... details) {
		List<String> lines = new ArrayList<>();
		wrap(what, "", lines);
		for (String detail : details) {
			wrap(detail, INDENT, lines);
		}
		return String.join("\n", lines);
	}

	private static void wrap(String text, String indent, List<String> lines) {
		// Texts such as thread names may contain line breaks.
		StringBuilder rest = new StringBuilder(text.replaceAll("\\p{Cntrl}", " ").strip());
		String before = indent;
		while (before.length() + rest.length() > MAX_LENGTH) {
			int room = MAX_LENGTH - before.length();
			int end = rest.lastIndexOf(" ", room);
			int cut = (end > 0) ? end : room;
			lines.add(before + rest.substring(0, cut));
			rest.delete(0, (end > 0) ? cut + 1 : cut);
			before = INDENT;
		}
		if (!rest.isEmpty()) {
			lines.add(before + rest);
		}
	}

}
