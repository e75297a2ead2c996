package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/**
 * Failures of a channel in the terms of a socket. HttpClient reads from sockets, and its
 * users, its retry strategies and the JDK's TLS decide by what these throw: TLS wraps
 * anything else into an {@code SSLException}.
 */
final class SocketFailure {

	private SocketFailure() {
	}

	/**
	 * Return the exception that a socket throws where a channel throws another one.
	 * @param failure what reading, writing or closing a channel threw
	 */
	static IOException of(IOException failure) {
		if (failure instanceof SocketException || failure instanceof InterruptedIOException) {
			return failure;
		}
		SocketException exception = new SocketException(message(failure));
		// No cause: code that looks for the root cause must find the socket's exception.
		exception.setStackTrace(failure.getStackTrace());
		return exception;
	}

	/**
	 * Return the exception that a socket throws which is closed, where a channel throws
	 * another one, and any other failure as it is.
	 */
	static IOException ofClosed(IOException failure) {
		return (failure instanceof ClosedChannelException) ? of(failure) : failure;
	}

	private static String message(IOException failure) {
		if (failure instanceof ClosedByInterruptException) {
			return "Closed by interrupt";
		}
		return (failure instanceof ClosedChannelException) ? "Socket closed" : Failures.words(failure);
	}

}
