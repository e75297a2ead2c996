package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;

import io.github.httppool.CallTimeout;
import io.github.httppool.HttpPoolException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Outermost in HttpClient's chain: sets the call's deadline, tells the pool which call it
 * serves, lets the pool's own exceptions through as they are, and gives a connection back
 * when an {@code Error} passes, which HttpClient does not.
 */
final class CallExec implements ExecChainHandler {

	private final ConnectionPool pool;

	CallExec(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		Duration carried = CallTimeoutScope.take();
		try {
			Duration limit = limit(scope.clientContext, carried);
			if (limit != null) {
				return executeWithin(limit, request, scope, chain);
			}
			// Connections have no state here, so the place of the user token is free.
			scope.clientContext.setUserToken(request);
			return proceed(request, scope, chain);
		}
		finally {
			CallTimeoutScope.putBack(carried);
		}
	}

	private @Nullable Duration limit(HttpClientContext context, @Nullable Duration carried) {
		Object attribute = context.getAttribute(CallTimeout.ATTRIBUTE);
		return CallTimeout.of((attribute != null) ? attribute : carried, this.pool.settings().callTimeout());
	}

	private ClassicHttpResponse executeWithin(Duration limit, ClassicHttpRequest request, ExecChain.Scope scope,
			ExecChain chain) throws IOException, HttpException {
		CallDeadline deadline = new CallDeadline(this.pool, request, limit, System.nanoTime());
		scope.clientContext.setUserToken(deadline);
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
			return chain.proceed(request, scope);
		}
		catch (RequestFailedException ex) {
			throw (ex.getCause() instanceof IOException refusal) ? refusal : explained(scope, ex);
		}
		catch (HttpPoolException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw explained(scope, ex);
		}
		catch (IllegalStateException ex) {
			// HttpClient's word for an endpoint that was taken away between two steps.
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
