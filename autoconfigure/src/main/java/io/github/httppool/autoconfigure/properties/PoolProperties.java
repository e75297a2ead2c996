package io.github.httppool.autoconfigure.properties;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ProxySettings;
import io.github.httppool.ReusePolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Properties that each pool can have: the shared one and further ones.
 *
 * @since 0.1.0
 */
public abstract class PoolProperties {

	/**
	 * Maximum number of connections in the pool, leased and idle.
	 */
	private int maxTotal = 200;

	/**
	 * Maximum number of connections per route (scheme, host, port, proxy).
	 */
	private int maxPerRoute = 50;

	/**
	 * Maximum number of idle connections kept per route. A surplus connection is closed
	 * when it is released. As 'max-per-route' by default.
	 */
	private @Nullable Integer maxIdlePerRoute;

	/**
	 * Maximum number of callers waiting for a connection. Further callers are rejected at
	 * once. '0' means that no caller waits, '-1' that there is no limit.
	 */
	private int maxPending = 1000;

	/**
	 * Maximum time to wait for a connection.
	 */
	private Duration acquireTimeout = Duration.ofSeconds(3);

	/**
	 * Maximum time to establish a TCP connection, over all addresses of the host.
	 */
	private Duration connectTimeout = Duration.ofSeconds(2);

	/**
	 * Delay before the next address of a host is tried while an attempt is still pending
	 * (RFC 8305). '0' means one address after the other.
	 */
	private Duration connectFallbackDelay = Duration.ofMillis(250);

	/**
	 * Maximum time for a TLS handshake.
	 */
	private Duration tlsHandshakeTimeout = Duration.ofSeconds(5);

	/**
	 * Maximum time without progress: no byte received while waiting for the response,
	 * none accepted by the peer while sending.
	 */
	private Duration responseTimeout = Duration.ofSeconds(30);

	/**
	 * Maximum time for a whole call: waiting for a connection, connecting, redirects,
	 * headers and reading the body. '0' means no limit. No limit by default.
	 */
	private @Nullable Duration callTimeout;

	/**
	 * Maximum time to wait for '100 Continue' before the body is sent anyway.
	 */
	private Duration expectContinueTimeout = Duration.ofSeconds(1);

	/**
	 * Whether connections are reused. If not, every call opens and closes its own
	 * connection.
	 */
	private boolean keepAlive = true;

	/**
	 * Maximum idle time of a connection. The pool then closes it without waiting for a
	 * call.
	 */
	private Duration idleTimeout = Duration.ofSeconds(50);

	/**
	 * Maximum age of a connection, minus up to 10 % at random. '0' means no limit.
	 */
	private Duration timeToLive = Duration.ofMinutes(5);

	/**
	 * Idle time after which a connection is validated before it is leased. '0' means
	 * always.
	 */
	private Duration validateAfterInactivity = Duration.ofMillis(10);

	/**
	 * Order in which idle connections of a route are leased.
	 */
	private ReusePolicy reusePolicy = ReusePolicy.LIFO;

	private final Drain drain = new Drain();

	/**
	 * Maximum size of a 4xx or 5xx body, on the wire and decoded. Reading beyond it
	 * fails. '0' means no limit.
	 */
	private DataSize maxErrorBody = DataSize.ofMegabytes(1);

	/**
	 * Maximum size of any body, on the wire and decoded. Reading beyond it fails. '0'
	 * means no limit. No limit by default.
	 */
	private @Nullable DataSize maxBody;

	/**
	 * Whether to request compressed responses and decode them.
	 */
	private boolean compression = true;

	/**
	 * Whether to repeat a safe call once if its reused connection was stale. A call is
	 * safe if its method is idempotent or it has an 'Idempotency-Key' header, its body
	 * can be sent again, and no byte of the response has arrived.
	 */
	private boolean retryStale = true;

	/**
	 * Lease time after which a connection is reported with the stack trace of its caller.
	 * '0' means never. Never by default.
	 */
	private @Nullable Duration leakDetectionThreshold;

	private final Proxy proxy = new Proxy();

	/**
	 * Limits of single routes, by a name of your choice.
	 */
	private final Map<String, Route> routes = new LinkedHashMap<>();

	/**
	 * Connections opened at startup, by a name of your choice. Further pools do not
	 * inherit them.
	 */
	private final Map<String, WarmUp> warmUp = new LinkedHashMap<>();

	public int getMaxTotal() {
		return this.maxTotal;
	}

	public void setMaxTotal(int maxTotal) {
		this.maxTotal = maxTotal;
	}

	public int getMaxPerRoute() {
		return this.maxPerRoute;
	}

	public void setMaxPerRoute(int maxPerRoute) {
		this.maxPerRoute = maxPerRoute;
	}

	public @Nullable Integer getMaxIdlePerRoute() {
		return this.maxIdlePerRoute;
	}

	public void setMaxIdlePerRoute(@Nullable Integer maxIdlePerRoute) {
		this.maxIdlePerRoute = maxIdlePerRoute;
	}

	public int getMaxPending() {
		return this.maxPending;
	}

	public void setMaxPending(int maxPending) {
		this.maxPending = maxPending;
	}

	public Duration getAcquireTimeout() {
		return this.acquireTimeout;
	}

	public void setAcquireTimeout(Duration acquireTimeout) {
		this.acquireTimeout = acquireTimeout;
	}

	public Duration getConnectTimeout() {
		return this.connectTimeout;
	}

	public void setConnectTimeout(Duration connectTimeout) {
		this.connectTimeout = connectTimeout;
	}

	public Duration getConnectFallbackDelay() {
		return this.connectFallbackDelay;
	}

	public void setConnectFallbackDelay(Duration connectFallbackDelay) {
		this.connectFallbackDelay = connectFallbackDelay;
	}

	public Duration getTlsHandshakeTimeout() {
		return this.tlsHandshakeTimeout;
	}

	public void setTlsHandshakeTimeout(Duration tlsHandshakeTimeout) {
		this.tlsHandshakeTimeout = tlsHandshakeTimeout;
	}

	public Duration getResponseTimeout() {
		return this.responseTimeout;
	}

	public void setResponseTimeout(Duration responseTimeout) {
		this.responseTimeout = responseTimeout;
	}

	public @Nullable Duration getCallTimeout() {
		return this.callTimeout;
	}

	public void setCallTimeout(@Nullable Duration callTimeout) {
		this.callTimeout = callTimeout;
	}

	public Duration getExpectContinueTimeout() {
		return this.expectContinueTimeout;
	}

	public void setExpectContinueTimeout(Duration expectContinueTimeout) {
		this.expectContinueTimeout = expectContinueTimeout;
	}

	public boolean isKeepAlive() {
		return this.keepAlive;
	}

	public void setKeepAlive(boolean keepAlive) {
		this.keepAlive = keepAlive;
	}

	public Duration getIdleTimeout() {
		return this.idleTimeout;
	}

	public void setIdleTimeout(Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
	}

	public Duration getTimeToLive() {
		return this.timeToLive;
	}

	public void setTimeToLive(Duration timeToLive) {
		this.timeToLive = timeToLive;
	}

	public Duration getValidateAfterInactivity() {
		return this.validateAfterInactivity;
	}

	public void setValidateAfterInactivity(Duration validateAfterInactivity) {
		this.validateAfterInactivity = validateAfterInactivity;
	}

	public ReusePolicy getReusePolicy() {
		return this.reusePolicy;
	}

	public void setReusePolicy(ReusePolicy reusePolicy) {
		this.reusePolicy = reusePolicy;
	}

	public Drain getDrain() {
		return this.drain;
	}

	public DataSize getMaxErrorBody() {
		return this.maxErrorBody;
	}

	public void setMaxErrorBody(DataSize maxErrorBody) {
		this.maxErrorBody = maxErrorBody;
	}

	public @Nullable DataSize getMaxBody() {
		return this.maxBody;
	}

	public void setMaxBody(@Nullable DataSize maxBody) {
		this.maxBody = maxBody;
	}

	public boolean isCompression() {
		return this.compression;
	}

	public void setCompression(boolean compression) {
		this.compression = compression;
	}

	public boolean isRetryStale() {
		return this.retryStale;
	}

	public void setRetryStale(boolean retryStale) {
		this.retryStale = retryStale;
	}

	public @Nullable Duration getLeakDetectionThreshold() {
		return this.leakDetectionThreshold;
	}

	public void setLeakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
		this.leakDetectionThreshold = leakDetectionThreshold;
	}

	public Proxy getProxy() {
		return this.proxy;
	}

	public Map<String, Route> getRoutes() {
		return this.routes;
	}

	public Map<String, WarmUp> getWarmUp() {
		return this.warmUp;
	}

	/**
	 * Return the settings of a pool: one line for each property, so that a forgotten one
	 * is seen.
	 */
	public HttpPoolSettings toSettings() {
		HttpPoolSettings.Builder settings = HttpPoolSettings.builder();
		settings.maxTotal(this.maxTotal);
		settings.maxPerRoute(this.maxPerRoute);
		if (this.maxIdlePerRoute != null) {
			settings.maxIdlePerRoute(this.maxIdlePerRoute);
		}
		settings.maxPending(this.maxPending);
		settings.acquireTimeout(this.acquireTimeout);
		settings.connectTimeout(this.connectTimeout);
		settings.connectFallbackDelay(this.connectFallbackDelay);
		settings.tlsHandshakeTimeout(this.tlsHandshakeTimeout);
		settings.responseTimeout(this.responseTimeout);
		settings.callTimeout(this.callTimeout);
		settings.expectContinueTimeout(this.expectContinueTimeout);
		settings.keepAlive(this.keepAlive);
		settings.idleTimeout(this.idleTimeout);
		settings.timeToLive(this.timeToLive);
		settings.validateAfterInactivity(this.validateAfterInactivity);
		settings.reusePolicy(this.reusePolicy);
		settings.drainMaxBytes(this.drain.maxBytes.toBytes());
		settings.drainMaxTime(this.drain.maxTime);
		settings.maxErrorBody(this.maxErrorBody.toBytes());
		settings.maxBody((this.maxBody != null) ? this.maxBody.toBytes() : 0);
		settings.compression(this.compression);
		settings.retryStale(this.retryStale);
		settings.leakDetectionThreshold(this.leakDetectionThreshold);
		settings.proxy(this.proxy.toSettings());
		this.routes.forEach((name, route) -> settings.route(name, route.uri, route.maxConnections));
		this.warmUp.forEach((name, warmUp) -> settings.warmUp(name, warmUp.uri, warmUp.connections));
		return settings.build();
	}

	/**
	 * Limits for reading the rest of a body that a caller did not read.
	 */
	public static class Drain {

		/**
		 * Maximum number of unread bytes that are read on close to keep the connection.
		 */
		private DataSize maxBytes = DataSize.ofKilobytes(64);

		/**
		 * Maximum time for draining an unread body, whatever the server does. '0' means
		 * that only bytes that have arrived are read.
		 */
		private Duration maxTime = Duration.ofMillis(50);

		public DataSize getMaxBytes() {
			return this.maxBytes;
		}

		public void setMaxBytes(DataSize maxBytes) {
			this.maxBytes = maxBytes;
		}

		public Duration getMaxTime() {
			return this.maxTime;
		}

		public void setMaxTime(Duration maxTime) {
			this.maxTime = maxTime;
		}

	}

	/**
	 * Proxy for the connections of a pool.
	 */
	public static class Proxy {

		/**
		 * Address of the proxy: 'http://host:port', 'https://host:port' or
		 * 'socks5://host:port'.
		 */
		private @Nullable String url;

		/**
		 * User name for the proxy.
		 */
		private @Nullable String username;

		/**
		 * Password for the proxy.
		 */
		private @Nullable String password;

		/**
		 * Hosts to connect to directly: names, '*.domain' patterns, IP addresses and CIDR
		 * blocks.
		 */
		private List<String> nonProxyHosts = new ArrayList<>();

		/**
		 * Whether to read the environment variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY
		 * and NO_PROXY if 'proxy.url' is not set.
		 */
		private boolean fromEnvironment;

		public @Nullable String getUrl() {
			return this.url;
		}

		public void setUrl(@Nullable String url) {
			this.url = url;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

		public List<String> getNonProxyHosts() {
			return this.nonProxyHosts;
		}

		public void setNonProxyHosts(List<String> nonProxyHosts) {
			this.nonProxyHosts = nonProxyHosts;
		}

		public boolean isFromEnvironment() {
			return this.fromEnvironment;
		}

		public void setFromEnvironment(boolean fromEnvironment) {
			this.fromEnvironment = fromEnvironment;
		}

		private ProxySettings toSettings() {
			return new ProxySettings(this.url, this.username, this.password, this.nonProxyHosts, this.fromEnvironment);
		}

	}

	/**
	 * Limit of a single route.
	 */
	public static class Route {

		/**
		 * Scheme, host and port of the route. Other parts of the address are ignored.
		 */
		private @Nullable String uri;

		/**
		 * Maximum number of connections to the route.
		 */
		private @Nullable Integer maxConnections;

		public @Nullable String getUri() {
			return this.uri;
		}

		public void setUri(@Nullable String uri) {
			this.uri = uri;
		}

		public @Nullable Integer getMaxConnections() {
			return this.maxConnections;
		}

		public void setMaxConnections(@Nullable Integer maxConnections) {
			this.maxConnections = maxConnections;
		}

		void inherit(@Nullable Route inherited) {
			if (inherited != null) {
				this.uri = (this.uri != null) ? this.uri : inherited.uri;
				this.maxConnections = (this.maxConnections != null) ? this.maxConnections : inherited.maxConnections;
			}
		}

	}

	/**
	 * Connections to a route that are opened at startup.
	 */
	public static class WarmUp {

		/**
		 * Scheme, host and port of the route. Other parts of the address are ignored, and
		 * no request is sent.
		 */
		private @Nullable String uri;

		/**
		 * Number of connections to open at startup.
		 */
		private @Nullable Integer connections;

		public @Nullable String getUri() {
			return this.uri;
		}

		public void setUri(@Nullable String uri) {
			this.uri = uri;
		}

		public @Nullable Integer getConnections() {
			return this.connections;
		}

		public void setConnections(@Nullable Integer connections) {
			this.connections = connections;
		}

	}

}
