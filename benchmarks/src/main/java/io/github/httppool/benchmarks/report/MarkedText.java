package io.github.httppool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of which a part, between two markers, is written by a program.
 */
public final class MarkedText {

	private static final String BEGIN = "<!-- benchmarks: begin -->";

	private static final String END = "<!-- benchmarks: end -->";

	private MarkedText() {
	}

	/**
	 * Replace what is between the markers.
	 * @param file the file
	 * @param text what is to be there
	 * @throws IOException if the file cannot be read or written, or has no markers
	 */
	public static void replace(Path file, String text) throws IOException {
		String all = Files.readString(file);
		int begin = all.indexOf(BEGIN);
		int end = all.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IOException(file + " has no place for results: put " + BEGIN + " and " + END + " there");
		}
		Files.writeString(file, all.substring(0, begin + BEGIN.length()) + "\n\n" + text + "\n" + all.substring(end));
	}

}
