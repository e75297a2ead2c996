package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.ProxyServer;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.Lease;
import io.github.httppool.hc5.pool.ProxyRoutePlanner;
import io.github.httppool.hc5.pool.TunnelRequest;
import org.apache.hc.client5.http.AuthenticationStrategy;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.AuthExchange;
import org.apache.hc.client5.http.auth.AuthScheme;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.AuthenticationException;
import org.apache.hc.client5.http.auth.ChallengeType;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.auth.DigestScheme;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates at the proxies of a pool: preemptively with {@code Basic}, or with the
 * scheme that a proxy requests. The credentials are not in a credentials provider,
 * because HttpClient could then send them to a server.
 */
public final class ProxyAuthExec implements ExecChainHandler, AuthenticationStrategy {

	/**
	 * Maximum number of challenges of a proxy per lease. A proxy may request another
	 * scheme, or repeat a challenge because a nonce was stale. HttpClient has no limit.
	 */
	private static final int MAX_CHALLENGES = 5;

	private final ProxyRoutePlanner proxies;

	/** Proxies that requested a scheme other than {@code Basic}. */
	private final Set<HttpHost> notBasic = ConcurrentHashMap.newKeySet();

	private ProxyAuthExec(ProxyRoutePlanner proxies) {
		this.proxies = proxies;
	}

	/**
	 * Returns the element that authenticates at the proxies of a pool.
	 * @return the element, or {@code null} if no HTTP proxy needs authentication
	 */
	public static @Nullable ProxyAuthExec of(@Nullable ProxyRoutePlanner proxies) {
		return (proxies != null && proxies.needLogin()) ? new ProxyAuthExec(proxies) : null;
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		HttpHost proxy = scope.route.getProxyHost();
		Credentials credentials = credentials(this.proxies.server(scope.route));
		// HttpClient would also send the credentials of a proxy to a
		// server with the same name.
		if (proxy != null && credentials != null && !proxy.equals(scope.route.getTargetHost())) {
			AuthExchange exchange = scope.clientContext.getAuthExchange(proxy);
			exchange.reset();
			if (!this.notBasic.contains(proxy)) {
				BasicScheme basic = new BasicScheme();
				basic.initPreemptive(credentials);
				exchange.select(basic);
			}
		}
		return chain.proceed(request, scope);
	}

	@Override
	public List<AuthScheme> select(ChallengeType type, Map<String, AuthChallenge> challenges, HttpContext context) {
		Lease lease = Call.leaseIn(HttpClientContext.cast(context));
		if (lease == null || !isChallenge(lease) || !lease.tryAuthenticate(MAX_CHALLENGES)) {
			return List.of();
		}
		CredentialsProvider configured = (scope, same) -> credentials(lease.route.httpRoute, scope);
		List<AuthScheme> schemes = new ArrayList<>();
		if (challenges.containsKey("digest")) {
			schemes.add(new Digest(configured, lease));
		}
		if (challenges.containsKey("basic")) {
			schemes.add(new Basic(configured));
		}
		// For proxies that a customizer has set.
		schemes.addAll(DefaultAuthenticationStrategy.INSTANCE.select(type, challenges, context));
		return schemes;
	}

	/**
	 * Returns whether the challenge is from the proxy. HttpClient attributes any 407 to
	 * the proxy, even if a server sends it through a tunnel or without any proxy.
	 */
	private static boolean isChallenge(Lease lease) {
		HttpRoute route = lease.route.httpRoute;
		return route.getProxyHost() != null && !route.getProxyHost().equals(route.getTargetHost())
				&& route.isTunnelled() == TunnelRequest.is(lease.exchange.request());
	}

	private @Nullable Credentials credentials(HttpRoute route, AuthScope scope) {
		HttpHost proxy = new HttpHost(scope.getProtocol(), scope.getHost(), scope.getPort());
		ProxyServer server = proxy.equals(route.getProxyHost()) ? this.proxies.server(route) : null;
		if (server != null && !"basic".equalsIgnoreCase(scope.getSchemeName())) {
			this.notBasic.add(proxy);
		}
		return credentials(server);
	}

	private static @Nullable Credentials credentials(@Nullable ProxyServer server) {
		String password = (server != null) ? server.password() : null;
		return (server != null && server.username() != null && password != null)
				? new UsernamePasswordCredentials(server.username(), password.toCharArray()) : null;
	}

	private static final class Basic extends BasicScheme {

		private final transient CredentialsProvider ours;

		Basic(CredentialsProvider ours) {
			this.ours = ours;
		}

		@Override
		public boolean isResponseReady(HttpHost host, CredentialsProvider ignored, HttpContext context)
				throws AuthenticationException {
			return super.isResponseReady(host, this.ours, context);
		}

	}

	private static final class Digest extends DigestScheme {

		private final transient CredentialsProvider ours;

		private final transient Lease lease;

		Digest(CredentialsProvider ours, Lease lease) {
			this.ours = ours;
			this.lease = lease;
		}

		/**
		 * {@inheritDoc}
		 * <p>
		 * A complete challenge means that authentication has failed. A stale nonce is not
		 * a failure, but a proxy may reject every nonce as stale.
		 */
		@Override
		public boolean isChallengeComplete() {
			return super.isChallengeComplete() || !this.lease.tryAuthenticate(MAX_CHALLENGES);
		}

		@Override
		public boolean isResponseReady(HttpHost host, CredentialsProvider ignored, HttpContext context)
				throws AuthenticationException {
			return super.isResponseReady(host, this.ours, context);
		}

	}

}
