package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lays out messages for logs and exceptions that do not fit in a line: the first line
 * says what happened, details follow, one sentence per line.
 */
public final class MessageLines {

	/**
	 * Maximum number of characters in a line. Loggers and Spring's clients put up to 120
	 * more in front of the first one.
	 */
	public static final int LONGEST = 180;

	private static final String INDENT = "  ";

	private static final Pattern SENTENCES = Pattern.compile("(?<=[^.][.?]) (?=\\p{Lu})");

	/** Where a sentence that is too long is best broken. */
	private static final List<String> BREAKS = List.of("; ", ": ", ", ", " ");

	private MessageLines() {
	}

	/**
	 * Return a message in lines. Line breaks that it already has are kept.
	 * @param message the message, in sentences
	 */
	public static String of(String message) {
		if (message.length() <= LONGEST && message.indexOf('\n') < 0) {
			return message;
		}
		List<String> lines = new ArrayList<>();
		for (String paragraph : message.split("\\R")) {
			for (String sentence : SENTENCES.split(paragraph.strip())) {
				addWrapped(sentence, lines);
			}
		}
		return String.join("\n" + INDENT, lines);
	}

	private static void addWrapped(String sentence, List<String> lines) {
		int most = LONGEST - INDENT.length();
		String rest = sentence;
		while (rest.length() > most) {
			int end = end(rest, most);
			if (end < 0) {
				rest = withoutMiddleOfFirstWord(rest, most);
			}
			else {
				lines.add(rest.substring(0, end).strip());
				rest = rest.substring(end).strip();
			}
		}
		if (!rest.isEmpty()) {
			lines.add(rest);
		}
	}

	/**
	 * Return where to break a line: behind the strongest mark in its second half.
	 */
	private static int end(String line, int most) {
		for (String mark : BREAKS) {
			int at = line.lastIndexOf(mark, most - mark.length());
			if (at > most / 2) {
				return at + mark.length();
			}
		}
		int space = line.lastIndexOf(' ', most);
		return (space > 0) ? space : -1;
	}

	/**
	 * A path or a name can be of any length.
	 */
	private static String withoutMiddleOfFirstWord(String line, int most) {
		int space = line.indexOf(' ');
		int end = (space < 0) ? line.length() : space;
		int half = most / 2 - 1;
		return line.substring(0, half) + "…" + line.substring(end - half);
	}

}
