package io.github.httppool.hc5;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.exec.BodyLimitExec;
import io.github.httppool.hc5.exec.CallExec;
import io.github.httppool.hc5.exec.ContentCodingExec;
import io.github.httppool.hc5.exec.CookieDefaults;
import io.github.httppool.hc5.exec.DeadlineRetryExec;
import io.github.httppool.hc5.exec.OriginRedirectStrategy;
import io.github.httppool.hc5.exec.ProtocolBypassExec;
import io.github.httppool.hc5.exec.ProxyAuthExec;
import io.github.httppool.hc5.exec.ReuseStrategy;
import io.github.httppool.hc5.exec.StaleRetryExec;
import io.github.httppool.hc5.net.SystemProxies;
import io.github.httppool.hc5.observe.SettingsChange;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.ProxyRoutePlanner;
import io.github.httppool.hc5.pool.ReconfigurableExecutor;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configures HttpClient's builders, so that their clients use the connections of a pool.
 */
final class ClientConfigurer {

	/** By name, because the pool's class depends on this one. */
	private static final Logger log = LoggerFactory.getLogger("io.github.httppool.hc5.HttpClientPool");

	private final ConnectionPool connections;

	private final List<HttpPoolCustomizer> customizers;

	/** Setters that the log has already reported. */
	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	ClientConfigurer(ConnectionPool connections, List<HttpPoolCustomizer> customizers) {
		this.connections = connections;
		this.customizers = customizers;
	}

	/**
	 * Apply the settings of the pool that belong to requests.
	 */
	void configureRequests(RequestConfig.Builder requests) {
		// The pool recognizes this instance by identity. Unless a caller sets another
		// timeout, the setting in force applies.
		requests.setConnectionRequestTimeout(this.connections.made().acquireTimeout);
		requests.setResponseTimeout(this.connections.made().responseTimeout);
		// Some proxies reject the unsolicited Upgrade header with status 403.
		requests.setProtocolUpgradeEnabled(false);
	}

	/**
	 * Set the defaults of a client. Later calls on the builder can override them.
	 */
	void configureClient(HttpClientBuilder client, boolean cookies, boolean redirects) {
		// Do not call disableAutomaticRetries(): a customizer's strategy would
		// then have no effect.
		client.setRetryStrategy(NoRetries.INSTANCE);
		if (!cookies) {
			CookieDefaults.addTo(client);
		}
		if (redirects) {
			client.setRedirectStrategy(new OriginRedirectStrategy());
		}
		if (!this.connections.made().settings.compression()) {
			client.disableContentCompression();
		}
		ProxyRoutePlanner proxies = this.connections.proxies();
		if (proxies != null) {
			client.setRoutePlanner(proxies);
		}
		else {
			// Do not set a route planner: a customizer's proxy would then have no effect.
			client.setProxySelector(new SystemProxies());
		}
		client.setRequestExecutor(new ReconfigurableExecutor(this.connections));
		client.setKeepAliveStrategy(KeepAliveStrategy.INSTANCE);
		ProxyAuthExec login = ProxyAuthExec.of(proxies);
		if (login != null) {
			client.setProxyAuthenticationStrategy(login);
			client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "http-pool-proxy-login", login);
		}
		if (BuilderSettings.areReadable()) {
			ProtocolBypassExec.addTo(client, new BuilderSettings(client)::protocolExec);
		}
		// Spring Boot sets its own manager, which is unused. A manager that is set later
		// comes from the caller.
		client.setConnectionManager(null);
	}

	/**
	 * Let a client use the connections of the pool, and apply the customizers.
	 */
	void attach(HttpClientBuilder client) {
		// Use the settings with which the pool was created, even for a client
		// that is built later.
		HttpPoolSettings made = this.connections.made().settings;
		// All callers share the client, so no connection belongs to a user by default.
		client.disableConnectionState();
		if (!made.keepAlive()) {
			client.addRequestInterceptorFirst((request, entity, context) -> {
				if (!settings().keepAlive()) {
					request.setHeader(HttpHeaders.CONNECTION, "close");
				}
			});
		}
		this.customizers.forEach((customizer) -> customizer.customizeClient(this.connections.name(), client));
		applyCallersSettings(client, new BuilderSettings(client));
		if (SettingsChange.limitsBodies(made)) {
			client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "http-pool-read-limits",
					new BodyLimitExec(this.connections));
		}
		ContentCodingExec.addTo(client);
		if (made.retryStale()) {
			// This link is placed within HttpClient's retries, and omitted if a
			// customizer has disabled them.
			client.addExecInterceptorAfter(ChainElement.RETRY.name(), "http-pool-replay",
					new StaleRetryExec(this.connections));
		}
		client.addExecInterceptorAfter(ChainElement.RETRY.name(), "http-pool-no-retry-too-late",
				new DeadlineRetryExec());
		client.addExecInterceptorFirst(CallExec.NAME, new CallExec(this.connections));
		client.setConnectionManager(this.connections.manager());
		client.setConnectionManagerShared(true);
	}

	private void applyCallersSettings(HttpClientBuilder client, BuilderSettings callers) {
		// Like HttpClient, read the property when the client is built.
		boolean systemKeepAlive = Boolean.parseBoolean(System.getProperty("http.keepAlive", "true"));
		client.setConnectionReuseStrategy(new ReuseStrategy(() -> systemKeepAlive && settings().keepAlive(),
				callers.reuseStrategy(), callers.userTokenHandler()));
		boolean ownProxy = callers.proxy() != null || callers.proxySelector() != null;
		if (ownProxy && callers.routePlanner() instanceof ProxyRoutePlanner) {
			// In HttpClient, a route planner overrides a proxy.
			client.setRoutePlanner(null);
		}
		for (String setter : callers.withoutEffect()) {
			if (this.warned.add(setter)) {
				log.warn(MessageLines
					.of(("HttpClientBuilder.%s has no effect on a client of the pool '%s', which owns its "
							+ "connections. Use the properties %s*, or create the client without the pool")
						.formatted(setter, this.connections.name(), settings().propertyPrefix())));
			}
		}
	}

	private HttpPoolSettings settings() {
		return this.connections.settings();
	}

}
