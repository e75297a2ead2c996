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
	 * Most connections of the pool, leased and idle.
	 */
	private int maxTotal = 200;

	/**
	 * Most connections to one route (scheme, host, port, proxy).
	 */
	private int maxPerRoute = 50;

	/**
	 * Most idle connections kept for one route. A surplus one is closed when it is
	 * released. As 'max-per-route' by default.
	 */
	private @Nullable Integer maxIdlePerRoute;

	/**
	 * Most callers that may wait for a connection at once. The next is refused at once.
	 * '0' means that nobody waits, '-1' that there is no limit.
	 */
	private int maxPending = 1000;

	/**
	 * Longest wait for a connection.
	 */
	private Duration acquireTimeout = Duration.ofSeconds(3);

	/**
	 * Longest TCP connect, all addresses of a host together.
	 */
	private Duration connectTimeout = Duration.ofSeconds(2);

	/**
	 * Delay before the next address of a host is tried while an attempt is still pending
	 * (RFC 8305). Zero: one address after the other.
	 */
	private Duration connectFallbackDelay = Duration.ofMillis(250);

	/**
	 * Longest TLS handshake.
	 */
	private Duration tlsHandshakeTimeout = Duration.ofSeconds(5);

	/**
	 * Maximum time without progress: no byte received while waiting for the response,
	 * none accepted by the peer while sending.
	 */
	private Duration responseTimeout = Duration.ofSeconds(30);

	/**
	 * Longest whole call: waiting for a connection, connecting, redirects, headers and
	 * reading the body. '0' means no limit. None by default.
	 */
	private @Nullable Duration callTimeout;

	/**
	 * Wait for '100 Continue' before the body is sent anyway.
	 */
	private Duration expectContinueTimeout = Duration.ofSeconds(1);

	/**
	 * Whether connections are kept for further calls. When off, every call opens and
	 * closes its own connection.
	 */
	private boolean keepAlive = true;

	/**
	 * Time after which an idle connection is closed, without waiting for a call.
	 */
	private Duration idleTimeout = Duration.ofSeconds(50);

	/**
	 * Age at which a connection is no longer reused, each with up to 10 % taken off at
	 * random, so that they do not end together. '0' means none.
	 */
	private Duration timeToLive = Duration.ofMinutes(5);

	/**
	 * Idle time after which a connection is checked before it is leased. '0' means
	 * always.
	 */
	private Duration validateAfterInactivity = Duration.ofMillis(10);

	/**
	 * Which of several idle connections of a route is leased next.
	 */
	private ReusePolicy reusePolicy = ReusePolicy.LIFO;

	private final Drain drain = new Drain();

	/**
	 * Most bytes of a 4xx or 5xx body that may be read, on the wire and decoded. Past it
	 * the read fails. '0' means no limit.
	 */
	private DataSize maxErrorBody = DataSize.ofMegabytes(1);

	/**
	 * Most bytes of any body that may be read, on the wire and decoded. Past it the read
	 * fails. None by default.
	 */
	private @Nullable DataSize maxBody;

	/**
	 * Whether to ask for compressed bodies and to decode them.
	 */
	private boolean compression = true;

	/**
	 * Whether to replay once, at once, a call that failed on a reused connection before
	 * any byte of the response came, if that is safe: an idempotent method, or a request
	 * with an 'Idempotency-Key' header, whose body can be sent again.
	 */
	private boolean retryStale = true;

	/**
	 * Time after which a leased connection is reported with the stack trace of its
	 * caller. '0' means none. None by default.
	 */
	private @Nullable Duration leakDetectionThreshold;

	private final Proxy proxy = new Proxy();

	/**
	 * Limits of their own for single routes, by a name of your choice.
	 */
	private final Map<String, Route> routes = new LinkedHashMap<>();

	/**
	 * Connections that are opened at start, by a name of your choice. Not inherited by
	 * further pools.
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
	 * What happens to the rest of a body that a caller did not read.
	 */
	public static class Drain {

		/**
		 * How much of an unread body is read on close to save the connection.
		 */
		private DataSize maxBytes = DataSize.ofKilobytes(64);

		/**
		 * How long that may take, whatever the server does. '0' means that only what has
		 * arrived is read.
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
	 * The proxy through which connections are made.
	 */
	public static class Proxy {

		/**
		 * Address of the proxy: 'http://host:port', 'https://host:port' or
		 * 'socks5://host:port'.
		 */
		private @Nullable String url;

		/**
		 * Name by which the proxy knows this application.
		 */
		private @Nullable String username;

		/**
		 * Password for the proxy.
		 */
		private @Nullable String password;

		/**
		 * Hosts that are reached directly: names, '*.domain' patterns, IP addresses and
		 * CIDR blocks.
		 */
		private List<String> nonProxyHosts = new ArrayList<>();

		/**
		 * Whether to take proxies from the environment variables HTTP_PROXY, HTTPS_PROXY,
		 * ALL_PROXY and NO_PROXY.
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
	 * Limit of one route.
	 */
	public static class Route {

		/**
		 * Scheme, host and port of the route. Other parts of the address are ignored.
		 */
		private @Nullable String uri;

		/**
		 * Most connections to the route.
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
	 * Connections of one route that are opened at start.
	 */
	public static class WarmUp {

		/**
		 * Scheme, host and port of the route. Other parts of the address are ignored: no
		 * request is sent.
		 */
		private @Nullable String uri;

		/**
		 * How many connections to open.
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
