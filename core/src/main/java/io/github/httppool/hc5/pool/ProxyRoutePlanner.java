package io.github.httppool.hc5.pool;

import java.util.HashMap;
import java.util.Map;

import io.github.httppool.ProxyServer;
import io.github.httppool.ProxySettings;
import io.github.httppool.findings.MessageLines;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies of a pool. HttpClient plans routes through HTTP proxies as usual. For
 * HttpClient, routes through SOCKS proxies are direct routes; only the connector uses the
 * proxy.
 */
public final class ProxyRoutePlanner extends DefaultRoutePlanner {

	private static final Logger log = LoggerFactory.getLogger(ProxyRoutePlanner.class);

	private final ProxySettings settings;

	private final Map<ProxyServer, HttpHost> hosts = new HashMap<>();

	private final Map<HttpHost, ProxyServer> servers = new HashMap<>();

	private ProxyRoutePlanner(ProxySettings settings) {
		super(null);
		this.settings = settings;
		for (ProxyServer server : settings.servers()) {
			HttpHost host = new HttpHost(server.scheme(), server.host(), server.port());
			this.hosts.put(server, host);
			this.servers.put(host, server);
		}
	}

	/**
	 * Return the proxies of the given settings.
	 * @return the proxies, or {@code null} if none is configured
	 */
	static @Nullable ProxyRoutePlanner of(String pool, ProxySettings settings) {
		if (settings.servers().isEmpty()) {
			return null;
		}
		if (!settings.ignoredHosts().isEmpty()) {
			log.warn(MessageLines
				.of("NO_PROXY contains entries that are neither hosts nor address blocks and have no effect (pool '%s'): %s"
					.formatted(pool, settings.ignoredHosts())));
		}
		return new ProxyRoutePlanner(settings);
	}

	@Override
	protected @Nullable HttpHost determineProxy(HttpHost target, @Nullable HttpContext context) {
		ProxyServer server = proxyFor(target);
		return (server != null && !server.isSocks()) ? this.hosts.get(server) : null;
	}

	private @Nullable ProxyServer proxyFor(HttpHost target) {
		int port = (target.getPort() > 0) ? target.getPort() : DefaultSchemePortResolver.INSTANCE.resolve(target);
		return this.settings.proxyFor(target.getSchemeName(), target.getHostName(), port);
	}

	/**
	 * Return the SOCKS proxy of a route. HttpClient is not aware of it.
	 */
	@Nullable ProxyServer socks(HttpRoute route) {
		if (route.getProxyHost() != null || route.getUnixDomainSocket() != null) {
			return null;
		}
		ProxyServer server = proxyFor(route.getTargetHost());
		return (server != null && server.isSocks()) ? server : null;
	}

	/**
	 * Return the configured proxy of a route. The environment can define the same proxy
	 * twice, with different credentials per scheme.
	 */
	public @Nullable ProxyServer server(HttpRoute route) {
		HttpHost host = route.getProxyHost();
		if (host == null) {
			return null;
		}
		ProxyServer planned = proxyFor(route.getTargetHost());
		return (planned != null && host.equals(this.hosts.get(planned))) ? planned : this.servers.get(host);
	}

	/**
	 * Return whether credentials are configured for an HTTP proxy.
	 */
	public boolean needLogin() {
		return this.servers.values().stream().anyMatch((server) -> !server.isSocks() && server.username() != null);
	}

}
