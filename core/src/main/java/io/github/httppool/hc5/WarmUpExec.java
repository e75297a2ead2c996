package io.github.httppool.hc5;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.hc5.exec.ProxyAuthExec;
import io.github.httppool.hc5.exec.ReuseStrategy;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.CallDeadline;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Lease;
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
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection from the beginning of HttpClient's chain, bypassing all elements
 * that process requests.
 */
final class WarmUpExec implements ExecChainHandler {

	private final ConnectionPool pool;

	private final @Nullable ProxyAuthExec proxyAuth;

	private final ExecChainHandler connect;

	WarmUpExec(ConnectionPool pool) {
		this.pool = pool;
		this.proxyAuth = ProxyAuthExec.of(pool.proxies());
		SchemePortResolver ports = DefaultSchemePortResolver.INSTANCE;
		this.connect = new ConnectExec(new ReuseStrategy(() -> true), new DefaultHttpProcessor(new RequestTargetHost()),
				(this.proxyAuth != null) ? this.proxyAuth : DefaultAuthenticationStrategy.INSTANCE, ports, true);
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		AtomicBoolean connected = new AtomicBoolean();
		ExecChain held = (same, scopeToo) -> {
			hold(scopeToo);
			connected.set(true);
			return new BasicClassicHttpResponse(HttpStatus.SC_NO_CONTENT);
		};
		ClassicHttpResponse response = (this.proxyAuth != null)
				? this.proxyAuth.execute(request, scope, (same, scopeToo) -> this.connect.execute(same, scopeToo, held))
				: this.connect.execute(request, scope, held);
		if (!connected.get()) {
			// The proxy requires credentials that do not exist. An earlier element
			// of the chain explains this.
			scope.execRuntime.discardEndpoint();
		}
		return response;
	}

	private void hold(ExecChain.Scope scope) throws IOException {
		Call call = Call.in(scope.clientContext);
		CallDeadline deadline = (call != null) ? call.deadline() : null;
		// The warm-up has its connection. Later delays are not part of it.
		if (deadline != null && !this.pool.housekeeper().cancel(deadline)) {
			throw deadline.exception();
		}
		Lease lease = Call.leaseIn(scope.clientContext);
		if (lease != null && !lease.held().check().isFitAfterOpening()) {
			throw new ConnectionClosedException(
					"The server closed the connection at once, or sent bytes that no request asked for");
		}
		RouteWarmUp.hold(scope.clientContext, scope.execRuntime);
	}

}
