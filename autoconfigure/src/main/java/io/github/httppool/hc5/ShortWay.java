package io.github.httppool.hc5;

import java.io.IOException;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.ProtocolExec;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Goes past HttpClient's element for authentication, which takes a path apart for each
 * call, where nobody has authenticated so far. Where a server then asks for it, that
 * element is given the answer as if it had come by its own way, and does the rest.
 */
final class ShortWay implements ExecChainHandler {

	/**
	 * A challenge on its way to HttpClient's element. Not in the context, which callers
	 * may share though they must not, and which may outlive the call.
	 */
	private static final ThreadLocal<@Nullable ClassicHttpResponse> ANSWER = new ThreadLocal<>();

	private static final String CHAIN_ELEMENT = ProtocolExec.class.getPackageName() + ".ExecChainElement";

	private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

	/** What follows HttpClient's element, known from the first call on that comes by. */
	private volatile @Nullable ExecChain end;

	/** Whether a customizer has put an element of its own on the way. */
	private volatile boolean blocked;

	private ShortWay() {
	}

	/**
	 * Add it to a client, next to HttpClient's element on both sides.
	 */
	static void addTo(HttpClientBuilder client) {
		ShortWay way = new ShortWay();
		client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "http-pool-short-way", way);
		client.addExecInterceptorAfter(ChainElement.PROTOCOL.name(), "http-pool-short-way-end", way::arrive);
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		ExecChain end = this.end;
		if (end == null || !isPlain(request, scope)) {
			return chain.proceed(request, scope);
		}
		ClassicHttpResponse response;
		try {
			response = end.proceed(request, scope);
			if (!isChallenge(response)) {
				LeasedEntity.enhance(response, scope.execRuntime);
				return response;
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			scope.execRuntime.discardEndpoint();
			throw ex;
		}
		ANSWER.set(response);
		try {
			return chain.proceed(request, scope);
		}
		finally {
			ANSWER.remove();
		}
	}

	/**
	 * Say whether HttpClient's element would do nothing before the answer comes.
	 */
	private static boolean isPlain(ClassicHttpRequest request, ExecChain.Scope scope) {
		HttpRoute route = scope.route;
		URIAuthority authority = request.getAuthority();
		HttpEntity body = request.getEntity();
		return route.getProxyHost() == null && request.getScheme() != null && authority != null
				&& authority.getUserInfo() == null && (body == null || body.isRepeatable())
				&& scope.clientContext.getAuthExchanges().isEmpty() && !Method.CONNECT.isSame(request.getMethod())
				&& !Method.TRACE.isSame(request.getMethod());
	}

	private static boolean isChallenge(ClassicHttpResponse response) {
		return response.getCode() == HttpStatus.SC_UNAUTHORIZED
				|| response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
	}

	/**
	 * Where those arrive that went the long way.
	 */
	private ClassicHttpResponse arrive(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		if (this.end == null && !this.blocked) {
			if (isNothingElseBetween()) {
				this.end = chain;
			}
			else {
				this.blocked = true;
			}
		}
		ClassicHttpResponse answer = ANSWER.get();
		ANSWER.remove();
		return (answer != null) ? answer : chain.proceed(request, scope);
	}

	/**
	 * Customizers may have replaced HttpClient's element. What they did to a builder
	 * cannot be asked for, so who called is looked at, once for a client.
	 */
	private static boolean isNothingElseBetween() {
		return STACK.walk((frames) -> frames.map(StackWalker.StackFrame::getDeclaringClass)
			.dropWhile(ShortWay.class::equals)
			.takeWhile((type) -> type != ShortWay.class)
			.allMatch((type) -> type == ProtocolExec.class || type.getName().equals(CHAIN_ELEMENT)));
	}

}
