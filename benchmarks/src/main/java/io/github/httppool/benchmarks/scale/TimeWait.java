package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sockets in {@code TIME_WAIT}, as Linux lists them.
 */
final class TimeWait {

	private static final String STATE = "06";

	private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

	private TimeWait() {
	}

	/**
	 * Count the sockets that were connected to a port: those of clients, whose ports may
	 * run out.
	 * @param port the port of the server
	 * @return how many, or -1 where there is no such list
	 * @throws IOException if the list cannot be read
	 */
	static long count(int port) throws IOException {
		long count = -1;
		for (Path table : TABLES) {
			if (Files.isReadable(table)) {
				try (Stream<String> lines = Files.lines(table)) {
					count = Math.max(count, 0) + count(lines, port);
				}
			}
		}
		return count;
	}

	static long count(Stream<String> lines, int port) {
		String end = String.format(":%04X", port);
		return lines.map((line) -> line.trim().split("\\s+"))
			.filter((fields) -> fields.length > 3 && fields[3].equals(STATE))
			.filter((fields) -> fields[2].endsWith(end))
			.count();
	}

}
