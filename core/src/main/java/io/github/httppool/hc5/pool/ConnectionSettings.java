package io.github.httppool.hc5.pool;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.function.Resolver;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.jspecify.annotations.Nullable;

/**
 * How the pool opens connections, and how many it may open. Includes the changes of
 * customizers.
 *
 * @param connector opens connections
 * @param maxTotal the limit of the pool
 * @param maxPerRoute the limit of routes without an individual limit
 * @param socketConfigs the socket configuration of each route, or {@code null} for the
 * default
 * @param tlsConfigs the TLS configuration of each host, or {@code null} for the default
 */
record ConnectionSettings(Connector connector, int maxTotal, int maxPerRoute,
		@Nullable Resolver<HttpRoute, SocketConfig> socketConfigs, @Nullable Resolver<HttpHost, TlsConfig> tlsConfigs) {

	SocketConfig socketConfig(HttpRoute route) {
		SocketConfig config = (this.socketConfigs != null) ? this.socketConfigs.resolve(route) : null;
		return (config != null) ? config : SocketConfig.DEFAULT;
	}

	TlsConfig tlsConfig(HttpHost host) {
		TlsConfig config = (this.tlsConfigs != null) ? this.tlsConfigs.resolve(host) : null;
		return (config != null) ? config : TlsConfig.DEFAULT;
	}

}
