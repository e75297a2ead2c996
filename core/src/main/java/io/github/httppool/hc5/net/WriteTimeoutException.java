package io.github.httppool.hc5.net;

import java.net.SocketTimeoutException;

/**
 * Thrown when the peer accepted no byte for the duration of the socket's timeout.
 */
public final class WriteTimeoutException extends SocketTimeoutException {

	/**
	 * Number of bytes that the peer had accepted before, over the lifetime of the
	 * connection.
	 */
	final long accepted;

	WriteTimeoutException(long accepted) {
		super("Write timed out");
		this.accepted = accepted;
	}

}
