package io.github.httppool.findings;

/**
 * The machine's statistics of local ports.
 *
 * @param range number of ports available per server address, or -1 if unknown
 * @param timeWait sockets of the machine in {@code TIME_WAIT}, or -1 if unknown
 */
public record LocalPorts(int range, int timeWait) {

	public static final LocalPorts UNKNOWN = new LocalPorts(-1, -1);

}
