package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.function.Supplier;

import io.github.httppool.hc5.pool.ReleasingEntity;
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
 * Replaces HttpClient's authentication element, which parses a path on each call, and
 * delegates to it only for authentication. If a server requests authentication, that
 * element receives the response as if it had sent the request itself, and continues from
 * there. Either way, the body is a {@link ReleasingEntity}, so that all calls of a client
 * read the same kind of stream.
 */
public final class ProtocolBypassExec implements ExecChainHandler {

	private final Supplier<ProtocolExec> factory;

	/** Created on first use, because other customizers may still change the builder. */
	private volatile @Nullable ProtocolExec protocol;

	private ProtocolBypassExec(Supplier<ProtocolExec> factory) {
		this.factory = factory;
	}

	/**
	 * Replaces HttpClient's element. A customizer may later replace this one in the same
	 * way.
	 * @param client the builder of the client
	 * @param protocol creates HttpClient's element for the same builder
	 */
	public static void addTo(HttpClientBuilder client, Supplier<ProtocolExec> protocol) {
		client.replaceExecInterceptor(ChainElement.PROTOCOL.name(), new ProtocolBypassExec(protocol));
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		if (!isPlain(request, scope)) {
			return authenticate(request, scope, new AnsweredChain(null, chain));
		}
		ClassicHttpResponse response;
		try {
			response = chain.proceed(request, scope);
			if (!isChallenge(response)) {
				ReleasingEntity.enhance(response, scope.execRuntime);
				return response;
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			scope.execRuntime.discardEndpoint();
			throw ex;
		}
		return authenticate(request, scope, new AnsweredChain(response, chain));
	}

	private ClassicHttpResponse authenticate(ClassicHttpRequest request, ExecChain.Scope scope, AnsweredChain chain)
			throws IOException, HttpException {
		ClassicHttpResponse response = protocol().execute(request, scope, chain);
		if (response == chain.response) {
			// HttpClient's own stream reports a truncated body as ended on the next read.
			response.setEntity(chain.entity);
			ReleasingEntity.enhance(response, scope.execRuntime);
		}
		return response;
	}

	private ProtocolExec protocol() {
		ProtocolExec protocol = this.protocol;
		if (protocol == null) {
			protocol = this.factory.get();
			this.protocol = protocol;
		}
		return protocol;
	}

	/**
	 * Returns whether HttpClient's element would do nothing before the response.
	 */
	private static boolean isPlain(ClassicHttpRequest request, ExecChain.Scope scope) {
		HttpRoute route = scope.route;
		URIAuthority authority = request.getAuthority();
		HttpEntity body = request.getEntity();
		return route.getProxyHost() == null && request.getScheme() != null && authority != null
				&& authority.getUserInfo() == null && (body == null || body.isRepeatable())
				&& scope.clientContext.getAuthExchanges().isEmpty() && scope.clientContext.getAuthCache() == null
				&& !Method.CONNECT.isSame(request.getMethod()) && !Method.TRACE.isSame(request.getMethod());
	}

	private static boolean isChallenge(ClassicHttpResponse response) {
		return response.getCode() == HttpStatus.SC_UNAUTHORIZED
				|| response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED;
	}

	/**
	 * The rest of the chain, whose first response may already exist.
	 */
	private static final class AnsweredChain implements ExecChain {

		private final ExecChain chain;

		/** The first response, until the element requests it. */
		private @Nullable ClassicHttpResponse answer;

		/** The last response. */
		private @Nullable ClassicHttpResponse response;

		/** Its body, as received from the connection. */
		private @Nullable HttpEntity entity;

		AnsweredChain(@Nullable ClassicHttpResponse answer, ExecChain chain) {
			this.answer = answer;
			this.chain = chain;
		}

		@Override
		public ClassicHttpResponse proceed(ClassicHttpRequest request, Scope scope) throws IOException, HttpException {
			ClassicHttpResponse response = this.answer;
			this.answer = null;
			if (response == null) {
				response = this.chain.proceed(request, scope);
			}
			this.response = response;
			this.entity = response.getEntity();
			return response;
		}

	}

}
