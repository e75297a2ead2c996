package io.github.httppool.hc5.net;

import java.net.SocketTimeoutException;

/**
 * The peer accepted no byte for as long as the socket's timeout.
 */
public final class WriteTimeoutException extends SocketTimeoutException {

	/** How many bytes it had accepted before, of all that went over the connection. */
	final long accepted;

	WriteTimeoutException(long accepted) {
		super("Write timed out");
		this.accepted = accepted;
	}

}
