package io.github.httppool.sample.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Sockets in {@code TIME_WAIT}, as Linux lists them.
 */
final class TimeWaitSockets {

	private static final String TIME_WAIT = "06";

	private static final List<Path> TABLES = Stream.of("/proc/net/tcp", "/proc/net/tcp6")
		.map(Path::of)
		.filter(Files::isReadable)
		.toList();

	private static final Path PORT_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

	private TimeWaitSockets() {
	}

	/**
	 * Count the sockets that came from connections to some ports.
	 * @param ports the ports
	 * @return the number for each port, or {@code null} if this machine does not tell
	 */
	static int @Nullable [] count(int... ports) {
		if (TABLES.isEmpty()) {
			return null;
		}
		String[] suffixes = new String[ports.length];
		for (int i = 0; i < ports.length; i++) {
			suffixes[i] = ":%04X".formatted(ports[i]);
		}
		int[] counts = new int[ports.length];
		try {
			for (Path table : TABLES) {
				try (Stream<String> lines = Files.lines(table)) {
					lines.forEach((line) -> count(line, suffixes, counts));
				}
			}
		}
		catch (IOException ex) {
			return null;
		}
		return counts;
	}

	private static void count(String line, String[] suffixes, int[] counts) {
		// number, local address, remote address, state
		String[] columns = line.strip().split(" +", 5);
		if (columns.length < 5 || !TIME_WAIT.equals(columns[3])) {
			return;
		}
		for (int i = 0; i < suffixes.length; i++) {
			if (columns[1].endsWith(suffixes[i]) || columns[2].endsWith(suffixes[i])) {
				counts[i]++;
			}
		}
	}

	/**
	 * Return how many local ports this machine has for connections to one address.
	 * @return the number, or {@code null} if this machine does not tell
	 */
	static @Nullable Integer localPorts() {
		// In one read, as files below /proc/sys need it.
		try (BufferedReader reader = Files.newBufferedReader(PORT_RANGE)) {
			String[] range = reader.readLine().strip().split("\\s+");
			return Integer.parseInt(range[1]) - Integer.parseInt(range[0]) + 1;
		}
		catch (IOException | RuntimeException ex) {
			return null;
		}
	}

}
