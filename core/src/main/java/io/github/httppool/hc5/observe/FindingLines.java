package io.github.httppool.hc5.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks what a log entry says into lines: one that says what happened, and then the
 * details. Log viewers cut longer lines. Unlike
 * {@link io.github.httppool.findings.MessageLines}, it keeps every word whole, however
 * long.
 */
final class FindingLines {

	/** With what a usual pattern puts in front, below 300 characters. */
	static final int LONGEST = 190;

	private static final String INDENT = "    ";

	private FindingLines() {
	}

	/**
	 * Write texts below each other.
	 * @param what what happened, to which pool and route
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
		// The name of a thread, for example, can have anything in it.
		StringBuilder rest = new StringBuilder(text.replaceAll("\\p{Cntrl}", " ").strip());
		String before = indent;
		while (before.length() + rest.length() > LONGEST) {
			int room = LONGEST - before.length();
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
