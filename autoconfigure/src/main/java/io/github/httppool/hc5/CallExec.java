package io.github.httppool.hc5;

import java.io.IOException;

import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/**
 * Outermost in HttpClient's chain: tells the pool which call it serves, lets the pool's
 * own exceptions through as they are, and gives a connection back when an {@code Error}
 * passes, which HttpClient does not.
 */
final class CallExec implements ExecChainHandler {

	static final CallExec INSTANCE = new CallExec();

	private CallExec() {
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		// Connections have no state here, so the place of the user token is free.
		scope.clientContext.setUserToken(request);
		try {
			return chain.proceed(request, scope);
		}
		catch (RequestFailedException ex) {
			throw (ex.getCause() instanceof IOException refusal) ? refusal : ex;
		}
		catch (Error ex) {
			scope.execRuntime.discardEndpoint();
			throw ex;
		}
	}

}
