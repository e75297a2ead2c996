package io.github.httppool.hc5.exec;

import java.io.IOException;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.pool.ConnectionPool;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Limits how many bytes of a body can be read. It is placed between HttpClient's decoding
 * and its authentication, which discards the bodies of challenges without reading them.
 * It is also placed above the stream that releases the connection, because that stream
 * interprets every failure as a failure of the connection.
 */
public final class BodyLimitExec implements ExecChainHandler {

	private final ConnectionPool pool;

	public BodyLimitExec(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		ClassicHttpResponse response = chain.proceed(request, scope);
		HttpPoolSettings settings = this.pool.settings();
		long maxBody = settings.maxBody();
		long maxErrorBody = settings.maxErrorBody();
		boolean error = response.getCode() >= HttpStatus.SC_CLIENT_ERROR && maxErrorBody != 0;
		if (!error && maxBody == 0) {
			return response;
		}
		HttpEntity entity = response.getEntity();
		if (entity == null || !entity.isStreaming()) {
			return response;
		}
		boolean asError = error && (maxBody == 0 || maxErrorBody <= maxBody);
		BodyLimit limit = new BodyLimit(this.pool, scope.route, request, response.getCode(),
				asError ? maxErrorBody : maxBody, asError ? "http-pool.max-error-body" : "http-pool.max-body");
		response.setEntity(new LimitedEntity(entity, limit, false));
		return (entity.getContentEncoding() != null)
				? DecodedResponse.of(response, (decoded) -> new LimitedEntity(decoded, limit, true)) : response;
	}

}
