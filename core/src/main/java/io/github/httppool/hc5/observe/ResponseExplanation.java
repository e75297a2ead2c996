package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/**
 * Explains an invalid or missing response.
 */
public final class ResponseExplanation {

	private ResponseExplanation() {
	}

	/**
	 * Explains a response timeout.
	 * @param suspects the connections that were closed because of it, or {@code null} if
	 * there were none
	 */
	public static SocketTimeoutException silent(PoolView pool, LeaseView lease, SocketTimeoutException cause,
			@Nullable SilentConnections suspects) {
		Duration timeout = lease.responseTimeout();
		SocketTimeoutException exception = new SocketTimeoutException(Explanation.of(pool,
				"%s: %s sent nothing for longer than %sthe response timeout of %s (pool '%s'). The limit is http-pool.response-timeout, or the read timeout of its client%s",
				Exceptions.messageOrType(cause), lease.route(),
				(timeout != null) ? DurationFormat.format(timeout) + ", " : "", Explanation.call(lease), pool.name(),
				Explanation.stoodStill(pool, timeout) + afterIdleness(pool, suspects)));
		exception.initCause(cause);
		return exception;
	}

	/**
	 * Describes a connection that was silent from the start of a call. The pool cannot
	 * distinguish a slow server from a network device that drops idle connections.
	 */
	static String afterIdleness(PoolView pool, @Nullable SilentConnections suspects) {
		return (suspects == null) ? ""
				: (". The connection was reused after %s of idleness, and no byte has arrived over it since; %s idle connections "
						+ "of the route that had been idle for as long were closed. If calls time out after a pause "
						+ "only, check whether something on the way drops idle connections, and set an "
						+ "http-pool.idle-timeout (%s) below its limit")
					.formatted(DurationFormat.format(suspects.idle()), suspects.closed(),
							DurationFormat.format(pool.settings().idleTimeout()));
	}

	/**
	 * Explains why a connection ended that was not idle: it is new, or bytes of a
	 * response have arrived.
	 */
	public static IOException none(PoolView pool, LeaseView lease, IOException cause) {
		ConnectionView connection = lease.held();
		return ExceptionCopies.withMessage(cause, Explanation.of(pool,
				"%s failed, because %s ended the connection before the head of a response had come (pool '%s'). It ended with: %s. It was open for %s, and carried %s bytes of requests and %s of responses. %s; no property of the pool helps",
				Explanation.call(lease), lease.route(), pool.name(), Exceptions.messageOrType(cause),
				DurationFormat.format(connection.age()), connection.bytesSent(), connection.bytesReceived(),
				(lease.routeStats().proxy() != null) ? "Check the logs of the proxy and of the server"
						: "Check the log of the server"));
	}

	public static ProtocolException broken(PoolView pool, String route, ProtocolException cause) {
		return ExceptionCopies.withMessage(cause, broken(pool, route, Exceptions.messageOrType(cause)));
	}

	/**
	 * Explains a read failure caused by the bytes that the server sent.
	 * @return the exception, of the same kind
	 */
	public static IOException broken(PoolView pool, String route, IOException cause) {
		return isBroken(cause)
				? ExceptionCopies.withMessage(cause, broken(pool, route, Exceptions.messageOrType(cause))) : cause;
	}

	/**
	 * Explains that the connection ended in the first line of a response.
	 */
	public static NoHttpResponseException broken(PoolView pool, String route, NoHttpResponseException cause) {
		return (NoHttpResponseException) ExceptionCopies.withMessage((IOException) cause,
				broken(pool, route, Exceptions.messageOrType(cause)));
	}

	private static boolean isBroken(IOException failure) {
		return failure instanceof TruncatedChunkException || failure instanceof MalformedChunkCodingException
				|| failure instanceof MessageConstraintException || failure instanceof ConnectionClosedException;
	}

	private static String broken(PoolView pool, String route, String flaw) {
		return Explanation.of(pool, "Broken response from %s (pool '%s'): %s", route, pool.name(), flaw);
	}

	public static String bodyTooLarge(PoolView pool, RouteStats route, String call, int status, long limit,
			boolean decoded, String property) {
		return Explanation.of(pool, "The body of the response %s to %s from %s is longer than %s %s (pool '%s'; %s)",
				status, call, route.name, Explanation.size(limit), decoded ? "when decoded" : "on the wire",
				pool.name(), property);
	}

}
