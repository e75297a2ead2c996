package io.github.httppool.hc5;

import java.io.IOException;
import java.net.SocketTimeoutException;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * What was wrong with a response, or that none came.
 */
final class ResponseExplanation {

	private ResponseExplanation() {
	}

	static SocketTimeoutException silent(ConnectionPool pool, Route route, SocketTimeoutException cause) {
		SocketTimeoutException exception = new SocketTimeoutException(
				"%s: %s sent nothing for longer than the response timeout of this call (pool '%s'; http-pool.response-timeout, or the read timeout of its client)"
					.formatted(cause.getMessage(), route.name, pool.name()));
		exception.initCause(cause);
		return exception;
	}

	static ProtocolException broken(ConnectionPool pool, String route, ProtocolException cause) {
		return new ProtocolException(broken(pool, route, cause.getMessage()), cause);
	}

	/**
	 * Explain the failure of a read that is due to what the server sent.
	 * @return the exception, of the same kind
	 */
	static IOException broken(ConnectionPool pool, String route, IOException cause) {
		String message = broken(pool, route, cause.getMessage());
		IOException exception;
		if (cause instanceof TruncatedChunkException) {
			exception = new TruncatedChunkException(message);
		}
		else if (cause instanceof MalformedChunkCodingException) {
			exception = new MalformedChunkCodingException(message);
		}
		else if (cause instanceof MessageConstraintException) {
			exception = new MessageConstraintException(message);
		}
		else if (cause instanceof ConnectionClosedException) {
			exception = new ConnectionClosedException(message);
		}
		else {
			return cause;
		}
		exception.initCause(cause);
		return exception;
	}

	private static String broken(ConnectionPool pool, String route, String flaw) {
		return "Broken response from %s (pool '%s'): %s".formatted(route, pool.name(), flaw);
	}

	static String bodyTooLarge(ConnectionPool pool, Route route, String call, int status, long limit, boolean decoded,
			String property) {
		return "The body of the response %d to %s from %s is longer than %s %s (pool '%s'; %s)".formatted(status, call,
				route.name, Explanation.size(limit), decoded ? "when decoded" : "on the wire", pool.name(), property);
	}

}
