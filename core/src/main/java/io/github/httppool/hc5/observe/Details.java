package io.github.httppool.hc5.observe;

import java.util.Set;

import io.github.httppool.findings.MessageLines;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * Carries the details of a message whose exception class does not support line breaks, as
 * some of HttpCore's do not. Added as a suppressed exception, so that logs show the
 * details.
 */
public final class Details extends Exception {

	private static final Set<Class<?>> SINGLE_LINE = Set.of(ConnectionClosedException.class,
			MalformedChunkCodingException.class, MessageConstraintException.class, NoHttpResponseException.class,
			TruncatedChunkException.class);

	private static final long serialVersionUID = 1L;

	private Details(String message) {
		super(message, null, false, false);
	}

	/**
	 * Returns the part of a message that the exception class supports.
	 */
	public static String message(Class<?> exception, String message) {
		return isSingleLine(exception) ? MessageLines.first(message) : message;
	}

	/**
	 * Adds the details that {@link #message} has omitted.
	 */
	public static <T extends Exception> T add(T exception, String message) {
		String details = isSingleLine(exception.getClass()) ? MessageLines.details(message) : "";
		if (!details.isEmpty()) {
			exception.addSuppressed(new Details(details));
		}
		return exception;
	}

	private static boolean isSingleLine(Class<?> exception) {
		return SINGLE_LINE.contains(exception) || ProtocolException.class.isAssignableFrom(exception);
	}

	@Override
	public String toString() {
		return getMessage();
	}

}
