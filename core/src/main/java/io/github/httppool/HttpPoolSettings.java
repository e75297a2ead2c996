package io.github.httppool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a pool. The defaults of the {@linkplain #builder() builder} are those of
 * the {@code http-pool.*} properties. <pre class="code">
 * HttpPoolSettings settings = HttpPoolSettings.builder()
 * 	.maxPerRoute(100)
 * 	.acquireTimeout(Duration.ofSeconds(1))
 * 	.build();
 * </pre> Durations are limited to 24 days. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpPoolSettings {

	private final int maxTotal;

	private final int maxPerRoute;

	private final int maxIdlePerRoute;

	private final int maxPending;

	private final Duration acquireTimeout;

	private final Duration connectTimeout;

	private final Duration connectFallbackDelay;

	private final Duration tlsHandshakeTimeout;

	private final Duration responseTimeout;

	private final @Nullable Duration callTimeout;

	private final Duration expectContinueTimeout;

	private final boolean keepAlive;

	private final Duration idleTimeout;

	private final Duration timeToLive;

	private final Duration validateAfterInactivity;

	private final ReusePolicy reusePolicy;

	private final long drainMaxBytes;

	private final Duration drainMaxTime;

	private final long maxErrorBody;

	private final long maxBody;

	private final boolean compression;

	private final boolean retryStale;

	private final @Nullable Duration leakDetectionThreshold;

	private final ProxySettings proxy;

	private final List<RouteLimit> routes;

	private final List<WarmUp> warmUp;

	private final String propertyPrefix;

	private HttpPoolSettings(Builder builder) {
		this.maxTotal = builder.maxTotal;
		this.maxPerRoute = builder.maxPerRoute;
		this.maxIdlePerRoute = (builder.maxIdlePerRoute != null) ? builder.maxIdlePerRoute : builder.maxPerRoute;
		this.maxPending = builder.maxPending;
		this.acquireTimeout = builder.acquireTimeout;
		this.connectTimeout = builder.connectTimeout;
		this.connectFallbackDelay = builder.connectFallbackDelay;
		this.tlsHandshakeTimeout = builder.tlsHandshakeTimeout;
		this.responseTimeout = builder.responseTimeout;
		this.callTimeout = noneIfZero(builder.callTimeout);
		this.expectContinueTimeout = builder.expectContinueTimeout;
		this.keepAlive = builder.keepAlive;
		this.idleTimeout = builder.idleTimeout;
		this.timeToLive = builder.timeToLive;
		this.validateAfterInactivity = builder.validateAfterInactivity;
		this.reusePolicy = builder.reusePolicy;
		this.drainMaxBytes = builder.drainMaxBytes;
		this.drainMaxTime = builder.drainMaxTime;
		this.maxErrorBody = builder.maxErrorBody;
		this.maxBody = builder.maxBody;
		this.compression = builder.compression;
		this.retryStale = builder.retryStale;
		this.leakDetectionThreshold = noneIfZero(builder.leakDetectionThreshold);
		this.proxy = builder.proxy;
		this.routes = List.copyOf(builder.routes);
		this.warmUp = List.copyOf(builder.warmUp);
		this.propertyPrefix = builder.propertyPrefix;
	}

	private static @Nullable Duration noneIfZero(@Nullable Duration time) {
		return (time != null && time.isZero()) ? null : time;
	}

	/**
	 * Create a builder with the default values.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Create a builder with the values of these settings.
	 * @return a new builder
	 */
	public Builder toBuilder() {
		Builder builder = new Builder();
		builder.maxTotal(this.maxTotal);
		builder.maxPerRoute(this.maxPerRoute);
		if (this.maxIdlePerRoute != this.maxPerRoute) {
			builder.maxIdlePerRoute(this.maxIdlePerRoute);
		}
		builder.maxPending(this.maxPending);
		builder.acquireTimeout(this.acquireTimeout);
		builder.connectTimeout(this.connectTimeout);
		builder.connectFallbackDelay(this.connectFallbackDelay);
		builder.tlsHandshakeTimeout(this.tlsHandshakeTimeout);
		builder.responseTimeout(this.responseTimeout);
		builder.callTimeout(this.callTimeout);
		builder.expectContinueTimeout(this.expectContinueTimeout);
		builder.keepAlive(this.keepAlive);
		builder.idleTimeout(this.idleTimeout);
		builder.timeToLive(this.timeToLive);
		builder.validateAfterInactivity(this.validateAfterInactivity);
		builder.reusePolicy(this.reusePolicy);
		builder.drainMaxBytes(this.drainMaxBytes);
		builder.drainMaxTime(this.drainMaxTime);
		builder.maxErrorBody(this.maxErrorBody);
		builder.maxBody(this.maxBody);
		builder.compression(this.compression);
		builder.retryStale(this.retryStale);
		builder.leakDetectionThreshold(this.leakDetectionThreshold);
		builder.proxy(this.proxy);
		builder.routes(this.routes);
		builder.warmUp(this.warmUp);
		builder.propertyPrefix(this.propertyPrefix);
		return builder;
	}

	/**
	 * Return the values by the names of their properties, such as
	 * {@code drain.max-bytes}. Sizes are numbers of bytes. The text {@code none} stands
	 * for a duration that is not limited.
	 * @return the values in the order of the documentation, unmodifiable
	 */
	public Map<String, Object> values() {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("max-total", this.maxTotal);
		values.put("max-per-route", this.maxPerRoute);
		values.put("max-idle-per-route", this.maxIdlePerRoute);
		values.put("max-pending", this.maxPending);
		values.put("acquire-timeout", this.acquireTimeout);
		values.put("connect-timeout", this.connectTimeout);
		values.put("connect-fallback-delay", this.connectFallbackDelay);
		values.put("tls-handshake-timeout", this.tlsHandshakeTimeout);
		values.put("response-timeout", this.responseTimeout);
		values.put("call-timeout", orNone(this.callTimeout));
		values.put("expect-continue-timeout", this.expectContinueTimeout);
		values.put("keep-alive", this.keepAlive);
		values.put("idle-timeout", this.idleTimeout);
		values.put("time-to-live", this.timeToLive);
		values.put("validate-after-inactivity", this.validateAfterInactivity);
		values.put("reuse-policy", this.reusePolicy);
		values.put("drain.max-bytes", this.drainMaxBytes);
		values.put("drain.max-time", this.drainMaxTime);
		values.put("max-error-body", this.maxErrorBody);
		values.put("max-body", this.maxBody);
		values.put("compression", this.compression);
		values.put("retry-stale", this.retryStale);
		values.put("leak-detection-threshold", orNone(this.leakDetectionThreshold));
		values.put("proxy", this.proxy);
		values.put("routes", this.routes);
		values.put("warm-up", this.warmUp);
		return Collections.unmodifiableMap(values);
	}

	private static Object orNone(@Nullable Duration duration) {
		return (duration != null) ? duration : "none";
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof HttpPoolSettings settings && values().equals(settings.values());
	}

	@Override
	public int hashCode() {
		return values().hashCode();
	}

	/**
	 * Return the maximum number of connections in the pool, leased and idle.
	 * @return the number, at least 1
	 */
	public int maxTotal() {
		return this.maxTotal;
	}

	/**
	 * Return the maximum number of connections per route (scheme, host, port, proxy).
	 * @return the number, at least 1
	 */
	public int maxPerRoute() {
		return this.maxPerRoute;
	}

	/**
	 * Return the maximum number of idle connections kept per route.
	 * @return the number, at least 0; as {@link #maxPerRoute()} unless set
	 */
	public int maxIdlePerRoute() {
		return this.maxIdlePerRoute;
	}

	/**
	 * Return the maximum number of callers waiting for a connection. The pool rejects
	 * further callers at once.
	 * @return the number; 0 if callers never wait, -1 if there is no limit
	 */
	public int maxPending() {
		return this.maxPending;
	}

	/**
	 * Return the maximum time to wait for a connection.
	 * @return the time, at least 1 ms
	 */
	public Duration acquireTimeout() {
		return this.acquireTimeout;
	}

	/**
	 * Return the maximum time to establish a TCP connection, over all addresses of the
	 * host.
	 * @return the time, at least 1 ms
	 */
	public Duration connectTimeout() {
		return this.connectTimeout;
	}

	/**
	 * Return the delay before the next address of a host is tried while an attempt is
	 * still pending (RFC 8305).
	 * @return the time; zero if addresses are tried one after the other
	 */
	public Duration connectFallbackDelay() {
		return this.connectFallbackDelay;
	}

	/**
	 * Return the maximum time for a TLS handshake.
	 * @return the time, at least 1 ms
	 */
	public Duration tlsHandshakeTimeout() {
		return this.tlsHandshakeTimeout;
	}

	/**
	 * Return the maximum time without progress: no byte received while waiting for the
	 * response, none accepted by the peer while sending.
	 * @return the time, at least 1 ms
	 */
	public Duration responseTimeout() {
		return this.responseTimeout;
	}

	/**
	 * Return the maximum time for a whole call: acquire, connect, redirects, headers and
	 * body.
	 * @return the time, at least 1 ms, or {@code null} for no limit
	 */
	public @Nullable Duration callTimeout() {
		return this.callTimeout;
	}

	/**
	 * Return the maximum time to wait for {@code 100 Continue} before the body is sent
	 * anyway.
	 * @return the time, at least 1 ms
	 */
	public Duration expectContinueTimeout() {
		return this.expectContinueTimeout;
	}

	/**
	 * Return whether connections are reused.
	 * @return {@code true} if they are reused
	 */
	public boolean keepAlive() {
		return this.keepAlive;
	}

	/**
	 * Return the maximum idle time of a connection.
	 * @return the time, at least 1 ms
	 */
	public Duration idleTimeout() {
		return this.idleTimeout;
	}

	/**
	 * Return the maximum age of a connection. The pool takes up to 10 % off at random, so
	 * that connections do not all end at the same time.
	 * @return the age; zero if there is no limit
	 */
	public Duration timeToLive() {
		return this.timeToLive;
	}

	/**
	 * Return the idle time after which a connection is validated before it is leased.
	 * @return the time; zero if every lease is validated
	 */
	public Duration validateAfterInactivity() {
		return this.validateAfterInactivity;
	}

	/**
	 * Return which of several idle connections of a route is leased next.
	 * @return the policy
	 */
	public ReusePolicy reusePolicy() {
		return this.reusePolicy;
	}

	/**
	 * Return the maximum number of unread bytes of a body that are read on close to keep
	 * the connection.
	 * @return the number of bytes; 0 if none are read
	 */
	public long drainMaxBytes() {
		return this.drainMaxBytes;
	}

	/**
	 * Return the maximum time to read unread bytes on close.
	 * @return the time; zero if the pool reads only bytes that are buffered
	 */
	public Duration drainMaxTime() {
		return this.drainMaxTime;
	}

	/**
	 * Return the maximum size of a 4xx or 5xx body, as received and after decompression.
	 * @return the number of bytes; 0 if there is no limit
	 */
	public long maxErrorBody() {
		return this.maxErrorBody;
	}

	/**
	 * Return the maximum size of any body, as received and after decompression.
	 * @return the number of bytes; 0 if there is no limit
	 */
	public long maxBody() {
		return this.maxBody;
	}

	/**
	 * Return whether compressed responses are requested and decoded.
	 * @return {@code true} if they are
	 */
	public boolean compression() {
		return this.compression;
	}

	/**
	 * Return whether a safe call is repeated once when its reused connection was stale:
	 * the call failed before the first byte of the response.
	 * @return {@code true} if it is repeated
	 */
	public boolean retryStale() {
		return this.retryStale;
	}

	/**
	 * Return the lease time after which a connection is reported with the stack trace of
	 * its caller.
	 * @return the time, at least 1 ms, or {@code null} if leases are not reported
	 */
	public @Nullable Duration leakDetectionThreshold() {
		return this.leakDetectionThreshold;
	}

	/**
	 * Return the settings of the proxy.
	 * @return the settings, {@link ProxySettings#NONE} unless set
	 */
	public ProxySettings proxy() {
		return this.proxy;
	}

	/**
	 * Return the limits of single routes, which replace {@link #maxPerRoute()} there.
	 * @return the limits, unmodifiable
	 */
	public List<RouteLimit> routes() {
		return this.routes;
	}

	/**
	 * Return the connections to open at startup.
	 * @return the routes and numbers of connections, unmodifiable
	 */
	public List<WarmUp> warmUp() {
		return this.warmUp;
	}

	/**
	 * Return the prefix of the properties that set these values, such as
	 * {@code http-pool.pools.orders.}. The pool uses it in its messages. The prefix is
	 * not one of the {@link #values() values}, and {@code equals} ignores it.
	 * @return the prefix, with a dot at its end
	 */
	public String propertyPrefix() {
		return this.propertyPrefix;
	}

	/**
	 * Builder of {@link HttpPoolSettings}. Not thread-safe. The setters accept any value;
	 * {@link #build()} checks all values together.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private int maxTotal = 200;

		private int maxPerRoute = 50;

		private @Nullable Integer maxIdlePerRoute;

		private int maxPending = 1000;

		private Duration acquireTimeout = Duration.ofSeconds(3);

		private Duration connectTimeout = Duration.ofSeconds(2);

		private Duration connectFallbackDelay = Duration.ofMillis(250);

		private Duration tlsHandshakeTimeout = Duration.ofSeconds(5);

		private Duration responseTimeout = Duration.ofSeconds(30);

		private @Nullable Duration callTimeout;

		private Duration expectContinueTimeout = Duration.ofSeconds(1);

		private boolean keepAlive = true;

		private Duration idleTimeout = Duration.ofSeconds(50);

		private Duration timeToLive = Duration.ofMinutes(5);

		private Duration validateAfterInactivity = Duration.ofMillis(10);

		private ReusePolicy reusePolicy = ReusePolicy.LIFO;

		private long drainMaxBytes = 64 * 1024;

		private Duration drainMaxTime = Duration.ofMillis(50);

		private long maxErrorBody = 1024 * 1024;

		private long maxBody;

		private boolean compression = true;

		private boolean retryStale = true;

		private @Nullable Duration leakDetectionThreshold;

		private ProxySettings proxy = ProxySettings.NONE;

		private final List<RouteLimit> routes = new ArrayList<>();

		private final List<WarmUp> warmUp = new ArrayList<>();

		private String propertyPrefix = "http-pool.";

		private Builder() {
		}

		/**
		 * Set the maximum number of connections in the pool, leased and idle.
		 * @param maxTotal the number, at least 1; the default is 200
		 * @return this builder
		 */
		public Builder maxTotal(int maxTotal) {
			this.maxTotal = maxTotal;
			return this;
		}

		/**
		 * Set the maximum number of connections per route (scheme, host, port, proxy).
		 * @param maxPerRoute the number, at least 1; the default is 50
		 * @return this builder
		 */
		public Builder maxPerRoute(int maxPerRoute) {
			this.maxPerRoute = maxPerRoute;
			return this;
		}

		/**
		 * Set the maximum number of idle connections kept per route. Unless set, it
		 * follows {@link #maxPerRoute(int)}.
		 * @param maxIdlePerRoute the number, at least 0
		 * @return this builder
		 */
		public Builder maxIdlePerRoute(int maxIdlePerRoute) {
			this.maxIdlePerRoute = maxIdlePerRoute;
			return this;
		}

		/**
		 * Set the maximum number of callers waiting for a connection. The pool rejects
		 * further callers at once.
		 * @param maxPending the number; 0 if callers never wait, -1 for no limit; the
		 * default is 1000
		 * @return this builder
		 */
		public Builder maxPending(int maxPending) {
			this.maxPending = maxPending;
			return this;
		}

		/**
		 * Set the maximum time to wait for a connection.
		 * @param acquireTimeout the time, at least 1 ms; the default is 3 s
		 * @return this builder
		 */
		public Builder acquireTimeout(Duration acquireTimeout) {
			this.acquireTimeout = acquireTimeout;
			return this;
		}

		/**
		 * Set the maximum time to establish a TCP connection, over all addresses of the
		 * host.
		 * @param connectTimeout the time, at least 1 ms; the default is 2 s
		 * @return this builder
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Set the delay before the next address of a host is tried while an attempt is
		 * still pending (RFC 8305).
		 * @param connectFallbackDelay the time; zero to try one address after the other;
		 * the default is 250 ms
		 * @return this builder
		 */
		public Builder connectFallbackDelay(Duration connectFallbackDelay) {
			this.connectFallbackDelay = connectFallbackDelay;
			return this;
		}

		/**
		 * Set the maximum time for a TLS handshake.
		 * @param tlsHandshakeTimeout the time, at least 1 ms; the default is 5 s
		 * @return this builder
		 */
		public Builder tlsHandshakeTimeout(Duration tlsHandshakeTimeout) {
			this.tlsHandshakeTimeout = tlsHandshakeTimeout;
			return this;
		}

		/**
		 * Set the maximum time without progress: no byte received while waiting for the
		 * response, none accepted by the peer while sending.
		 * @param responseTimeout the time, at least 1 ms; the default is 30 s
		 * @return this builder
		 */
		public Builder responseTimeout(Duration responseTimeout) {
			this.responseTimeout = responseTimeout;
			return this;
		}

		/**
		 * Set the maximum time for a whole call: acquire, connect, redirects, headers and
		 * body.
		 * @param callTimeout the time, at least 1 ms; {@code null} or zero for no limit,
		 * which is the default
		 * @return this builder
		 */
		public Builder callTimeout(@Nullable Duration callTimeout) {
			this.callTimeout = callTimeout;
			return this;
		}

		/**
		 * Set the maximum time to wait for {@code 100 Continue} before the body is sent
		 * anyway.
		 * @param expectContinueTimeout the time, at least 1 ms; the default is 1 s
		 * @return this builder
		 */
		public Builder expectContinueTimeout(Duration expectContinueTimeout) {
			this.expectContinueTimeout = expectContinueTimeout;
			return this;
		}

		/**
		 * Set whether connections are reused.
		 * @param keepAlive {@code true}, the default, to reuse them
		 * @return this builder
		 */
		public Builder keepAlive(boolean keepAlive) {
			this.keepAlive = keepAlive;
			return this;
		}

		/**
		 * Set the maximum idle time of a connection.
		 * @param idleTimeout the time, at least 1 ms; the default is 50 s
		 * @return this builder
		 */
		public Builder idleTimeout(Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
			return this;
		}

		/**
		 * Set the maximum age of a connection. The pool takes up to 10 % off at random,
		 * so that connections do not all end at the same time.
		 * @param timeToLive the age; zero for no limit; the default is 5 min
		 * @return this builder
		 */
		public Builder timeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
			return this;
		}

		/**
		 * Set the idle time after which a connection is validated before it is leased.
		 * @param validateAfterInactivity the time; zero to validate on every lease; the
		 * default is 10 ms
		 * @return this builder
		 */
		public Builder validateAfterInactivity(Duration validateAfterInactivity) {
			this.validateAfterInactivity = validateAfterInactivity;
			return this;
		}

		/**
		 * Set which of several idle connections of a route is leased next.
		 * @param reusePolicy the policy; the default is {@link ReusePolicy#LIFO}
		 * @return this builder
		 */
		public Builder reusePolicy(ReusePolicy reusePolicy) {
			this.reusePolicy = reusePolicy;
			return this;
		}

		/**
		 * Set the maximum number of unread bytes of a body that are read on close to keep
		 * the connection.
		 * @param drainMaxBytes the number of bytes; 0 to read none; the default is 64 KB
		 * @return this builder
		 */
		public Builder drainMaxBytes(long drainMaxBytes) {
			this.drainMaxBytes = drainMaxBytes;
			return this;
		}

		/**
		 * Set the maximum time to read unread bytes on close.
		 * @param drainMaxTime the time; zero to read only bytes that are buffered; the
		 * default is 50 ms
		 * @return this builder
		 */
		public Builder drainMaxTime(Duration drainMaxTime) {
			this.drainMaxTime = drainMaxTime;
			return this;
		}

		/**
		 * Set the maximum size of a 4xx or 5xx body, as received and after decompression.
		 * @param maxErrorBody the number of bytes; 0 for no limit; the default is 1 MB
		 * @return this builder
		 */
		public Builder maxErrorBody(long maxErrorBody) {
			this.maxErrorBody = maxErrorBody;
			return this;
		}

		/**
		 * Set the maximum size of any body, as received and after decompression.
		 * @param maxBody the number of bytes; 0, the default, for no limit
		 * @return this builder
		 */
		public Builder maxBody(long maxBody) {
			this.maxBody = maxBody;
			return this;
		}

		/**
		 * Set whether compressed responses are requested and decoded.
		 * @param compression {@code true}, the default, to request them
		 * @return this builder
		 */
		public Builder compression(boolean compression) {
			this.compression = compression;
			return this;
		}

		/**
		 * Set whether a safe call is repeated once when its reused connection was stale:
		 * the call failed before the first byte of the response.
		 * @param retryStale {@code true}, the default, to repeat it
		 * @return this builder
		 */
		public Builder retryStale(boolean retryStale) {
			this.retryStale = retryStale;
			return this;
		}

		/**
		 * Set the lease time after which a connection is reported with the stack trace of
		 * its caller.
		 * @param leakDetectionThreshold the time, at least 1 ms; {@code null} or zero,
		 * the default, to report none
		 * @return this builder
		 */
		public Builder leakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
			this.leakDetectionThreshold = leakDetectionThreshold;
			return this;
		}

		/**
		 * Set the proxy.
		 * @param proxy the settings of the proxy; the default is
		 * {@link ProxySettings#NONE}
		 * @return this builder
		 */
		public Builder proxy(ProxySettings proxy) {
			this.proxy = proxy;
			return this;
		}

		/**
		 * Add a limit for a single route, which replaces {@link #maxPerRoute(int)} there.
		 * @param name the name of the entry, for messages
		 * @param uri scheme, host and port of the route; required
		 * @param maxConnections maximum number of connections of the route, at least 1;
		 * required
		 * @return this builder
		 */
		public Builder route(String name, @Nullable String uri, @Nullable Integer maxConnections) {
			this.routes.add(new RouteLimit(name, uri, maxConnections));
			return this;
		}

		/**
		 * Set the limits of single routes. They replace all that were added before.
		 * @param routes the limits
		 * @return this builder
		 */
		public Builder routes(List<RouteLimit> routes) {
			this.routes.clear();
			this.routes.addAll(routes);
			return this;
		}

		/**
		 * Add connections to open at startup.
		 * @param name the name of the entry, for messages
		 * @param uri scheme, host and port of the route; required
		 * @param connections number of connections, at least 1; required
		 * @return this builder
		 */
		public Builder warmUp(String name, @Nullable String uri, @Nullable Integer connections) {
			this.warmUp.add(new WarmUp(name, uri, connections));
			return this;
		}

		/**
		 * Set the connections to open at startup. They replace all that were added
		 * before.
		 * @param warmUp the routes and numbers of connections
		 * @return this builder
		 */
		public Builder warmUp(List<WarmUp> warmUp) {
			this.warmUp.clear();
			this.warmUp.addAll(warmUp);
			return this;
		}

		/**
		 * Set the prefix of the properties that the messages of the pool name. A pool
		 * keeps the prefix with which it was created.
		 * @param propertyPrefix the prefix, with a dot at its end; the default is
		 * {@code http-pool.}
		 * @return this builder
		 */
		public Builder propertyPrefix(String propertyPrefix) {
			this.propertyPrefix = propertyPrefix;
			return this;
		}

		/**
		 * Check all values and create the settings.
		 * @return the settings
		 * @throws InvalidHttpPoolSettingsException if a value is invalid; it lists all
		 * problems
		 */
		public HttpPoolSettings build() {
			HttpPoolSettings settings = new HttpPoolSettings(this);
			List<Problem> problems = SettingsCheck.problemsOf(settings);
			if (!problems.isEmpty()) {
				throw new InvalidHttpPoolSettingsException(problems);
			}
			return settings;
		}

	}

}
