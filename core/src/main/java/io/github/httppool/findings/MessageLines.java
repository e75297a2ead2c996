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

	private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}");

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

	/**
	 * Return what happened: the first sentence of a message in lines, in one line.
	 */
	public static String first(String lines) {
		return lines.substring(0, endOfFirst(lines)).replace("\n" + INDENT, " ");
	}

	/**
	 * Return the details: what is left without the {@link #first first} sentence.
	 */
	public static String details(String lines) {
		return lines.substring(endOfFirst(lines)).strip();
	}

	/**
	 * Return a text that comes from outside without line breaks and other control
	 * characters.
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
	 * Leave out the middle of what can be of any length, such as a path.
	 * @param most the maximum number of characters to keep
	 */
	public static String shortened(String text, int most) {
		int half = (most - 1) / 2;
		return (text.length() <= most) ? text : text.substring(0, half) + "…" + text.substring(text.length() - half);
	}

}
