package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Breaks long messages of logs and exceptions into lines: the first line says what
 * happened, details follow, one sentence per line.
 */
public final class MessageLines {

	/**
	 * Maximum number of characters in a line. Loggers and Spring's clients add a prefix
	 * of up to 120 characters to the first line.
	 */
	public static final int LONGEST = 180;

	private static final String INDENT = "  ";

	private static final Pattern SENTENCES = Pattern.compile("(?<=[^.][.?]) (?=\\p{Lu})");

	private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

	/**
	 * Preferred positions for breaking long sentences, best first.
	 */
	private static final List<String> BREAKS = List.of("; ", ": ", ", ", " ");

	private MessageLines() {
	}

	/**
	 * Break a message into lines. Existing line breaks are kept.
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

	/**
	 * Return the first sentence of a message, which says what happened, in one line.
	 */
	public static String first(String lines) {
		return lines.substring(0, endOfFirst(lines)).replace("\n" + INDENT, " ");
	}

	/**
	 * Return the details: the message without its {@link #first first} sentence.
	 */
	public static String details(String lines) {
		return lines.substring(endOfFirst(lines)).strip();
	}

	/**
	 * Replace line breaks and other control characters in untrusted text.
	 */
	public static String inOneLine(String text) {
		return CONTROL_CHARACTERS.matcher(text).replaceAll(" ");
	}

	private static int endOfFirst(String lines) {
		int end = lines.indexOf(".\n");
		return (end < 0) ? lines.length() : end + 1;
	}

	private static void addWrapped(String sentence, List<String> lines) {
		int most = LONGEST - INDENT.length();
		String rest = sentence;
		while (rest.length() > most) {
			int end = end(rest, most);
			if (end < 0) {
				int space = rest.indexOf(' ');
				int word = (space < 0) ? rest.length() : space;
				rest = shortened(rest.substring(0, word), most) + rest.substring(word);
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
	 * Return the position at which to break a line: after the strongest punctuation mark
	 * in its second half.
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
	 * Shorten text of unbounded length, such as a path, by removing its middle.
	 * @param most the maximum number of characters to keep
	 */
	public static String shortened(String text, int most) {
		int half = (most - 1) / 2;
		return (text.length() <= most) ? text : text.substring(0, half) + "…" + text.substring(text.length() - half);
	}

}
