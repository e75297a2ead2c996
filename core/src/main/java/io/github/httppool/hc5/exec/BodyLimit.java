package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.github.httppool.BodyTooLargeException;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.observe.ResponseExplanation;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.CallDescription;
import io.github.httppool.hc5.pool.Route;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limit of one body. It applies to the bytes on the wire, and to the output of each
 * decoder. As soon as one of them exceeds it, reading any of them fails.
 */
final class BodyLimit {

	private static final Logger log = LoggerFactory.getLogger(BodyLimit.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	final long bytes;

	private final ConnectionPool pool;

	private final HttpRoute httpRoute;

	private final HttpRequest request;

	private final int status;

	private final String property;

	private @Nullable String exceeded;

	BodyLimit(ConnectionPool pool, HttpRoute httpRoute, HttpRequest request, int status, long bytes, String property) {
		this.pool = pool;
		this.httpRoute = httpRoute;
		this.request = request;
		this.status = status;
		this.bytes = bytes;
		this.property = property;
	}

	/**
	 * Fails if the limit has already been exceeded.
	 */
	void check() throws IOException {
		if (this.exceeded != null) {
			throw new BodyTooLargeException(this.pool.name(), this.pool.route(this.httpRoute).name, this.exceeded,
					null);
		}
	}

	/**
	 * Records that the limit is exceeded, and fails.
	 * @param decoded whether decoded bytes have exceeded it
	 */
	void exceed(boolean decoded) throws IOException {
		Route route = this.pool.route(this.httpRoute);
		String message = ResponseExplanation.bodyTooLarge(this.pool, route, CallDescription.of(this.request),
				this.status, this.bytes, decoded, this.property);
		this.exceeded = message;
		if (this.status >= HttpStatus.SC_CLIENT_ERROR && route.mayWarn(System.nanoTime(), QUIET_NANOS)) {
			log.warn(
					MessageLines.of(message + ". Logged because Spring's error handlers go on with an empty body where "
							+ "it cannot be read; not again for this route within a minute"));
		}
		check();
	}

}
