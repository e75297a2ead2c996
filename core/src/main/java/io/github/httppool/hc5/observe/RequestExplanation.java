package io.github.httppool.hc5.observe;

import java.net.SocketTimeoutException;
import java.time.Duration;

import io.github.httppool.RequestBodyLengthException;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.WriteTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a request could not be sent completely.
 */
public final class RequestExplanation {

	private RequestExplanation() {
	}

	public static RequestBodyLengthException otherLength(LeaseView lease, long declared, long written) {
		boolean tooLong = written > declared;
		return new RequestBodyLengthException(lease.pool(), lease.route(), MessageLines
			.of(("%s to %s failed, because its body is %s than its Content-Length (pool '%s'): %s bytes are declared, and %s%s "
					+ "were written. The connection was reset, so that the server sees that the request is incomplete. "
					+ "Check what sets the length and what writes the body; no property of the pool helps")
				.formatted(Explanation.call(lease), lease.route(), tooLong ? "longer" : "shorter", lease.pool(),
						declared, tooLong ? "at least " : "", written)));
	}

	/**
	 * Explains a timeout of a write.
	 * @param suspects the connections that were closed because of it, or {@code null} if
	 * there were none
	 */
	public static SocketTimeoutException notAccepted(PoolView pool, LeaseView lease, WriteTimeoutException cause,
			@Nullable SilentConnections suspects) {
		Duration timeout = lease.responseTimeout();
		SocketTimeoutException exception = new SocketTimeoutException(Explanation.of(pool,
				"%s: %s accepted no byte of the request for longer than %sthe response timeout of %s (pool '%s'). It came after %s bytes of it had been sent. The limit is http-pool.response-timeout, or the read timeout of its client%s",
				Exceptions.messageOrType(cause), lease.route(),
				(timeout != null) ? DurationFormat.format(timeout) + ", " : "", Explanation.call(lease), pool.name(),
				lease.held().sentOfRequest(),
				Explanation.stoodStill(pool, timeout) + ResponseExplanation.afterIdleness(pool, suspects)));
		exception.initCause(cause);
		return exception;
	}

}
