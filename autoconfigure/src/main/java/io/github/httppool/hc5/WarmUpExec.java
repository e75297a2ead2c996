package io.github.httppool.hc5;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.ConnectExec;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.RequestTargetHost;

/**
 * Takes the short way from the beginning of HttpClient's chain to what opens connections,
 * past everything that would do something with a request, and stops there.
 */
final class WarmUpExec implements ExecChainHandler {

	private final ConnectionPool pool;

	private final ExecChainHandler connecting;

	WarmUpExec(ConnectionPool pool) {
		this.pool = pool;
		SchemePortResolver ports = DefaultSchemePortResolver.INSTANCE;
		this.connecting = new ConnectExec(new ReuseStrategy(() -> true),
				new DefaultHttpProcessor(new RequestTargetHost()), DefaultAuthenticationStrategy.INSTANCE, ports, true);
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		AtomicBoolean connected = new AtomicBoolean();
		ClassicHttpResponse response = this.connecting.execute(request, scope, (same, scopeToo) -> {
			hold(scopeToo);
			connected.set(true);
			return new BasicClassicHttpResponse(HttpStatus.SC_NO_CONTENT);
		});
		if (!connected.get()) {
			scope.execRuntime.discardEndpoint();
			throw new ConnectException("The proxy answered CONNECT with status %s, on the way to %s (pool '%s')"
				.formatted(response.getCode(), this.pool.route(scope.route), this.pool.name()));
		}
		return response;
	}

	private void hold(ExecChain.Scope scope) throws IOException {
		Object call = scope.clientContext.getUserToken();
		CallDeadline deadline = CallDeadline.of(call);
		// From here on it is others that take their time.
		if (deadline != null && !this.pool.housekeeper().unwatch(deadline)) {
			throw deadline.exception();
		}
		if (call instanceof Lease lease && !lease.held().isFitAfterOpening()) {
			throw new ConnectionClosedException(
					"The server closed the connection at once, or sent what nobody asked for");
		}
		RouteWarmUp.hold(scope.clientContext, scope.execRuntime);
	}

}
