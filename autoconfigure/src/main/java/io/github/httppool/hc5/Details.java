package io.github.httppool.hc5;

import java.util.Set;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * The lines of a message after the first one, where the exception is of a class of
 * HttpCore that takes no line breaks. The exception suppresses it, so that logs show it.
 */
final class Details extends Exception {

	private static final Set<Class<?>> OF_ONE_LINE = Set.of(ConnectionClosedException.class,
			MalformedChunkCodingException.class, MessageConstraintException.class, NoHttpResponseException.class,
			TruncatedChunkException.class);

	private static final long serialVersionUID = 1L;

	private Details(String message) {
		super(message, null, false, false);
	}

	/**
	 * Return as much of a message as an exception takes.
	 */
	static String message(Class<?> exception, String message) {
		int end = takesOneLine(exception) ? message.indexOf('\n') : -1;
		return (end < 0) ? message : message.substring(0, end);
	}

	/**
	 * Add what {@link #message} has left out.
	 */
	static <T extends Exception> T add(T exception, String message) {
		int end = takesOneLine(exception.getClass()) ? message.indexOf('\n') : -1;
		if (end >= 0) {
			exception.addSuppressed(new Details(message.substring(end + 1).strip()));
		}
		return exception;
	}

	private static boolean takesOneLine(Class<?> exception) {
		return OF_ONE_LINE.contains(exception) || ProtocolException.class.isAssignableFrom(exception);
	}

	@Override
	public String toString() {
		return getMessage();
	}

}
