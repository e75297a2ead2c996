package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/**
 * Converts exceptions of a channel to those of a socket. Applications, HttpClient's retry
 * strategies and the JDK's TLS expect socket exceptions: TLS wraps any other exception in
 * an {@code SSLException}.
 */
public final class SocketFailure {

	private SocketFailure() {
	}

	/**
	 * Returns the exception that a socket throws instead of a channel's exception.
	 * @param failure the exception from reading, writing or closing a channel
	 */
	static IOException of(IOException failure) {
		if (failure instanceof SocketException || failure instanceof InterruptedIOException) {
			return failure;
		}
		SocketException exception = new SocketException(message(failure));
		// Has no cause, because code that examines the root cause must find
		// the socket's exception.
		exception.setStackTrace(failure.getStackTrace());
		return exception;
	}

	/**
	 * Returns the exception that a closed socket throws instead of a channel's exception,
	 * and any other failure unchanged.
	 */
	public static IOException ofClosed(IOException failure) {
		return (failure instanceof ClosedChannelException) ? of(failure) : failure;
	}

	private static String message(IOException failure) {
		if (failure instanceof ClosedByInterruptException) {
			return "Closed by interrupt";
		}
		return (failure instanceof ClosedChannelException) ? "Socket closed" : Exceptions.messageOrType(failure);
	}

}
