package io.github.httppool.hc5;

import java.io.IOException;

import io.github.httppool.HttpPoolSettings;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Limits how much of a body may be read. Stands between HttpClient's decoding and what
 * answers challenges: the bodies of those, and of redirects, are thrown away and not
 * read. Above the stream that HttpClient hands out for a connection, because that takes
 * any failure for one of the connection, and every read after it for the end.
 */
final class ReadLimits implements ExecChainHandler {

	private final ConnectionPool pool;

	private final long maxBody;

	private final long maxErrorBody;

	private ReadLimits(ConnectionPool pool, long maxBody, long maxErrorBody) {
		this.pool = pool;
		this.maxBody = maxBody;
		this.maxErrorBody = maxErrorBody;
	}

	/**
	 * Return the limits of a pool.
	 * @return the limits, or {@code null} if there is none
	 */
	static @Nullable ReadLimits of(ConnectionPool pool) {
		HttpPoolSettings settings = pool.settings();
		long maxBody = settings.maxBody();
		long maxErrorBody = settings.maxErrorBody();
		return (maxBody != 0 || maxErrorBody != 0) ? new ReadLimits(pool, maxBody, maxErrorBody) : null;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		ClassicHttpResponse response = chain.proceed(request, scope);
		boolean error = response.getCode() >= HttpStatus.SC_CLIENT_ERROR && this.maxErrorBody != 0;
		if (!error && this.maxBody == 0) {
			return response;
		}
		HttpEntity entity = response.getEntity();
		if (entity == null || !entity.isStreaming()) {
			return response;
		}
		boolean asError = error && (this.maxBody == 0 || this.maxErrorBody <= this.maxBody);
		ReadLimit limit = new ReadLimit(this.pool, scope.route, request, response.getCode(),
				asError ? this.maxErrorBody : this.maxBody,
				asError ? "http-pool.max-error-body" : "http-pool.max-body");
		response.setEntity(new LimitedEntity(entity, limit, false));
		return (entity.getContentEncoding() != null) ? LimitedResponse.of(response, limit) : response;
	}

}
