package io.github.httppool.hc5.pool;

import java.io.IOException;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Delegates to HttpCore's executor with the settings in force, because a client keeps the
 * executor with which it was built.
 */
public final class ReconfigurableExecutor extends HttpRequestExecutor {

	private final PoolContext pool;

	public ReconfigurableExecutor(PoolContext pool) {
		this.pool = pool;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
			@Nullable HttpResponseInformationCallback informationCallback, HttpContext context)
			throws IOException, HttpException {
		return this.pool.inForce().requestExecutor.execute(request, connection, informationCallback, context);
	}

}
