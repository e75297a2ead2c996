package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.Set;

import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.CallDeadline;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Lease;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a request once and immediately over a new connection, if its reused connection
 * was closed before any byte of the response arrived and repeating it is safe (RFC 9110
 * section 9.2.2).
 */
public final class StaleRetryExec implements ExecChainHandler {

	private static final Logger log = LoggerFactory.getLogger(StaleRetryExec.class);

	/** RFC 9110 section 9.2.2: the safe methods of section 9.2.1, PUT and DELETE. */
	private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

	/** {@code draft-ietf-httpapi-idempotency-key-header}. */
	private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

	private final ConnectionPool pool;

	public StaleRetryExec(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		try {
			return chain.proceed(request, scope);
		}
		catch (IOException | RuntimeException ex) {
			// An entity may wrap a failed write in a RuntimeException.
			Lease lease = Call.leaseIn(scope.clientContext);
			if (lease == null || !lease.wasStale() || !this.pool.settings().retryStale()) {
				throw ex;
			}
			String obstacle = obstacle(scope.originalRequest);
			if (obstacle == null && isGivenUp(scope, lease)) {
				obstacle = "the call was given up";
			}
			if (obstacle != null) {
				lease.notReplayed(obstacle);
				throw ex;
			}
			log.debug("Pool '{}': {} to {} goes out again, because its connection was stale ({}retry-stale)",
					lease.pool(), lease.call(), lease.route(), this.pool.settings().propertyPrefix());
			this.pool.reporter().replayed(lease);
			// Copy the original request, without the additions of the first attempt.
			return replay(ClassicRequestBuilder.copy(scope.originalRequest).build(), scope, chain);
		}
	}

	/**
	 * Repeats the request without repeating it again. The second connection is new, but
	 * counts as reused after a challenge.
	 */
	private static ClassicHttpResponse replay(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		try {
			return chain.proceed(request, scope);
		}
		catch (IOException ex) {
			Lease lease = Call.leaseIn(scope.clientContext);
			if (lease != null) {
				lease.notReplayed("it had been sent again once, after another stale connection");
			}
			throw ex;
		}
	}

	/**
	 * Returns why a request must not be repeated, or {@code null} if it may be.
	 */
	private static @Nullable String obstacle(ClassicHttpRequest request) {
		if (!IDEMPOTENT.contains(request.getMethod()) && !request.containsHeader(IDEMPOTENCY_KEY)) {
			return request.getMethod()
					+ " is not idempotent, and the request has no Idempotency-Key header, with which "
					+ "the server promises that a second one does no harm";
		}
		HttpEntity body = request.getEntity();
		return (body == null || body.isRepeatable()) ? null
				: "its body can be sent only once; one that is held in memory can be sent again";
	}

	private static boolean isGivenUp(ExecChain.Scope scope, Lease lease) {
		CallDeadline deadline = lease.deadline();
		return scope.execRuntime.isExecutionAborted() || Thread.currentThread().isInterrupted()
				|| (deadline != null && deadline.hasFired());
	}

}
