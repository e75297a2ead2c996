package io.github.httppool.hc5.exec;

import java.io.IOException;

import io.github.httppool.hc5.pool.AcquireRequest;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.CallDeadline;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Prevents a customizer's retry strategy from retrying or pausing after the deadline of
 * the call. HttpClient consults a strategy only about an {@link IOException} or a
 * response. The strategy receives the caller's exception, because its decision depends on
 * the class.
 */
public final class DeadlineRetryExec implements ExecChainHandler {

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		ClassicHttpResponse response;
		try {
			response = chain.proceed(request, scope);
		}
		catch (IOException ex) {
			if (isTooLate(scope)) {
				throw tooLate(ex);
			}
			throw AcquireRequest.failure(ex);
		}
		if (isTooLate(scope)) {
			response.close();
			throw tooLate(null);
		}
		return response;
	}

	private static boolean isTooLate(ExecChain.Scope scope) {
		Call call = Call.in(scope.clientContext);
		CallDeadline deadline = (call != null) ? call.deadline() : null;
		if (deadline == null) {
			return false;
		}
		deadline.watchInterrupts();
		return deadline.hasFired();
	}

	/** {@link CallExec} turns it into the exception for the caller. */
	private static HttpException tooLate(@Nullable IOException failure) {
		return new HttpException("The time of the call is over", failure);
	}

}
