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
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * The outermost element of HttpClient's chain. It sets the deadline of the call, passes
 * the call to the pool, and throws the pool's own exceptions unchanged. It also releases
 * the connection if an {@code Error} is thrown, because HttpClient does not
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
		HttpClientContext context = scope.clientContext;
		Duration carried = CallTimeoutScope.take();
		CookieDefaults.apply(context);
		Object userToken = context.getUserToken();
		try {
			Call call = Call.begin(this.pool, request, limit(context, carried), userToken);
			return execute(call, request, scope, chain);
		}
		finally {
			Call.leave(context, userToken);
			CallTimeoutScope.restore(carried);
		}
	}

	private ClassicHttpResponse execute(Call call, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		try {
			scope.clientContext.setUserToken(call);
			CallDeadline deadline = call.deadline();
			ClassicHttpResponse response = (deadline != null) ? proceedWithin(deadline, request, scope, chain)
					: proceed(request, scope, chain);
			call.answered();
			return response;
		}
		catch (Throwable ex) {
			call.failed(ex);
			throw ex;
		}
	}

	private @Nullable Duration limit(HttpClientContext context, @Nullable Duration carried) {
		Object attribute = context.getAttribute(CallTimeout.ATTRIBUTE);
		return CallTimeout.of((attribute != null) ? attribute : carried, this.pool.settings().callTimeout());
	}

	private ClassicHttpResponse proceedWithin(CallDeadline deadline, ClassicHttpRequest request, ExecChain.Scope scope,
			ExecChain chain) throws IOException, HttpException {
		this.pool.housekeeper().schedule(deadline);
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
				this.pool.housekeeper().cancel(deadline);
			}
		}
	}

	private ClassicHttpResponse proceed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		try {
			ClassicHttpResponse response = chain.proceed(request, scope);
			Lease lease = Call.leaseIn(scope.clientContext);
			if (lease != null) {
				lease.exchange.requireTunnel(response);
			}
			return response;
		}
		catch (IOException ex) {
			IOException failure = AcquireRequest.failure(ex);
			throw (failure == ex && !(ex instanceof HttpPoolException)) ? explained(scope, ex) : failure;
		}
		catch (CancellationException ex) {
			// HttpClient throws this exception when the wait for a
			// connection is cancelled.
			throw ex;
		}
		catch (IllegalStateException ex) {
			// HttpClient throws this exception if the endpoint was
			// closed between two steps.
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
			return ShutdownExplanation.callAborted(this.pool, this.pool.route(scope.route), failure);
		}
		Lease lease = Call.leaseIn(scope.clientContext);
		return (lease != null) ? lease.exchange.explained(failure) : failure;
	}

}
