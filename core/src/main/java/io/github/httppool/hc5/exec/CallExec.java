package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

import io.github.httppool.CallTimeout;
import io.github.httppool.HttpPoolException;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import io.github.httppool.hc5.pool.AcquireRequest;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.CallDeadline;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Lease;
import io.github.httppool.hc5.pool.StatefulCall;
import io.github.httppool.hc5.pool.TunnelRequest;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * The outermost link of HttpClient's chain. It sets the deadline of the call, passes the
 * call to the pool, and throws the pool's own exceptions unchanged. It also releases the
 * connection if an {@code Error} is thrown, because HttpClient does not
 * (HTTPCLIENT-1924).
 */
public final class CallExec implements ExecChainHandler {

	public static final String NAME = "http-pool-call";

	private final ConnectionPool pool;

	public CallExec(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		Duration carried = CallTimeoutScope.take();
		CookieDefaults.apply(scope.clientContext);
		Object userToken = StatefulCall.userToken(scope.clientContext.getUserToken());
		try {
			Duration limit = limit(scope.clientContext, carried);
			return this.pool.listeners().present() ? executeObserved(limit, userToken, request, scope, chain)
					: execute(limit, null, userToken, request, scope, chain);
		}
		finally {
			StatefulCall.restore(scope.clientContext, userToken);
			CallTimeoutScope.restore(carried);
		}
	}

	private ClassicHttpResponse executeObserved(@Nullable Duration limit, @Nullable Object userToken,
			ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
		Call call = Call.begin(this.pool, request);
		try {
			ClassicHttpResponse response = execute(limit, call, userToken, request, scope, chain);
			call.answered();
			return response;
		}
		catch (Throwable ex) {
			call.failed(ex);
			throw ex;
		}
	}

	private ClassicHttpResponse execute(@Nullable Duration limit, @Nullable Call call, @Nullable Object userToken,
			ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
		if (limit != null) {
			return executeWithin(limit, call, userToken, request, scope, chain);
		}
		// HttpClient passes only the user token of the context to the pool.
		scope.clientContext.setUserToken(StatefulCall.of((call != null) ? call : request, userToken));
		return proceed(request, scope, chain);
	}

	private @Nullable Duration limit(HttpClientContext context, @Nullable Duration carried) {
		Object attribute = context.getAttribute(CallTimeout.ATTRIBUTE);
		return CallTimeout.of((attribute != null) ? attribute : carried, this.pool.settings().callTimeout());
	}

	private ClassicHttpResponse executeWithin(Duration limit, @Nullable Call call, @Nullable Object userToken,
			ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) throws IOException, HttpException {
		CallDeadline deadline = new CallDeadline(this.pool, request, limit, System.nanoTime());
		if (call != null) {
			call.within(deadline);
		}
		scope.clientContext.setUserToken(StatefulCall.of((call != null) ? call : deadline, userToken));
		this.pool.housekeeper().watch(deadline);
		boolean answered = false;
		try {
			ClassicHttpResponse response = proceed(request, scope, chain);
			answered = true;
			return response;
		}
		catch (IOException ex) {
			throw deadline.explain(ex);
		}
		catch (HttpException | RuntimeException ex) {
			deadline.check();
			throw ex;
		}
		finally {
			deadline.returns();
			if (answered) {
				deadline.answered();
			}
			else {
				this.pool.housekeeper().unwatch(deadline);
			}
		}
	}

	private ClassicHttpResponse proceed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		try {
			ClassicHttpResponse response = chain.proceed(request, scope);
			TunnelRequest.requireNoChallenge(this.pool, response, scope.clientContext.getUserToken());
			return response;
		}
		catch (IOException ex) {
			IOException failure = AcquireRequest.failure(ex);
			throw (failure == ex && !(ex instanceof HttpPoolException)) ? explained(scope, ex) : failure;
		}
		catch (CancellationException ex) {
			// HttpClient throws it when the wait for a connection is cancelled.
			throw ex;
		}
		catch (IllegalStateException ex) {
			// HttpClient throws it if the endpoint was closed between two steps.
			if (!this.pool.isClosed() && !scope.execRuntime.isExecutionAborted()) {
				throw ex;
			}
			scope.execRuntime.discardEndpoint();
			throw explained(scope, new RequestFailedException("Request aborted", ex));
		}
		catch (Throwable ex) {
			scope.execRuntime.discardEndpoint();
			throw ex;
		}
	}

	private IOException explained(ExecChain.Scope scope, IOException failure) {
		if (this.pool.isClosed()) {
			return ShutdownExplanation.cutOff(this.pool, this.pool.route(scope.route), failure);
		}
		return (scope.clientContext.getUserToken() instanceof Lease lease) ? lease.exchange.explained(failure)
				: failure;
	}

}
