package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.findings.LocalPorts;

/**
 * Reads statistics of local ports from Linux, for the network namespace (the container)
 * of this process. Values that cannot be read, as on other systems, are unknown.
 */
final class LinuxPorts implements Supplier<LocalPorts> {

	private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})\\s*");

	/**
	 * The number includes IPv6 sockets.
	 */
	private static final Pattern TIME_WAIT = Pattern.compile("(?m)^TCP:.* tw (\\d{1,9})\\b");

	private static final int MAX_SIZE = 4096;

	private final Path range;

	private final Path sockets;

	LinuxPorts(Path range, Path sockets) {
		this.range = range;
		this.sockets = sockets;
	}

	static LinuxPorts ofThisMachine() {
		return new LinuxPorts(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), Path.of("/proc/net/sockstat"));
	}

	@Override
	public LocalPorts get() {
		Matcher ports = RANGE.matcher(read(this.range));
		int range = ports.matches() ? Integer.parseInt(ports.group(2)) - Integer.parseInt(ports.group(1)) + 1 : -1;
		Matcher sockets = TIME_WAIT.matcher(read(this.sockets));
		return new LocalPorts((range > 0) ? range : -1, sockets.find() ? Integer.parseInt(sockets.group(1)) : -1);
	}

	private static String read(Path file) {
		byte[] content = new byte[MAX_SIZE];
		try (InputStream input = Files.newInputStream(file)) {
			// Files.readString first reads a single byte of a file without a size. A
			// second read of a file in /proc/sys returns the end of the file.
			return new String(content, 0, input.readNBytes(content, 0, MAX_SIZE), StandardCharsets.US_ASCII);
		}
		catch (IOException | SecurityException ex) {
			return "";
		}
	}

}
