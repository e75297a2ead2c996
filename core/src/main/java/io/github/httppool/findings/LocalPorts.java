package io.github.httppool.findings;

/**
 * What the machine says of the ports that connections are opened from.
 *
 * @param range how many there are for one address of a server, or -1 if it is not known
 * @param timeWait sockets of the machine in {@code TIME_WAIT}, or -1 if it is not known
 */
public record LocalPorts(int range, int timeWait) {

	/** Nothing is known. */
	public static final LocalPorts UNKNOWN = new LocalPorts(-1, -1);

}
