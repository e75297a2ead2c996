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
 * Settings of a pool. Immutable; made with a {@linkplain #builder() builder}, whose
 * defaults are those of the {@code http-pool.*} properties.
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
	 * Return a builder with the defaults.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return a builder with these settings.
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
	 * Return the settings by their names as in a properties file, such as
	 * {@code drain.max-bytes}. Sizes are numbers of bytes; {@code none} stands for what
	 * has no limit.
	 * @return the values, in the order of the documentation, unmodifiable
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
	 * Most connections of the pool, leased and idle. At least 1.
	 * @return the number
	 */
	public int maxTotal() {
		return this.maxTotal;
	}

	/**
	 * Most connections to one route (scheme, host, port, proxy). At least 1.
	 * @return the number
	 */
	public int maxPerRoute() {
		return this.maxPerRoute;
	}

	/**
	 * Most idle connections kept for one route; as {@code maxPerRoute} unless set. At
	 * least 0.
	 * @return the number
	 */
	public int maxIdlePerRoute() {
		return this.maxIdlePerRoute;
	}

	/**
	 * Most callers that may wait for a connection at once. 0: nobody waits, -1: no limit.
	 * @return the number
	 */
	public int maxPending() {
		return this.maxPending;
	}

	/**
	 * Longest wait for a connection. Positive.
	 * @return the time
	 */
	public Duration acquireTimeout() {
		return this.acquireTimeout;
	}

	/**
	 * Longest TCP connect, all addresses of a host together. Positive.
	 * @return the time
	 */
	public Duration connectTimeout() {
		return this.connectTimeout;
	}

	/**
	 * Delay before the next address of a host is tried while an attempt is still pending
	 * (RFC 8305). Zero if one address is tried after the other.
	 * @return the time
	 * @since 0.1.0
	 */
	public Duration connectFallbackDelay() {
		return this.connectFallbackDelay;
	}

	/**
	 * Longest TLS handshake. Positive.
	 * @return the time
	 */
	public Duration tlsHandshakeTimeout() {
		return this.tlsHandshakeTimeout;
	}

	/**
	 * Maximum time without progress: no byte received while waiting for the response,
	 * none accepted by the peer while sending. Positive.
	 * @return the time
	 */
	public Duration responseTimeout() {
		return this.responseTimeout;
	}

	/**
	 * Longest whole call, from waiting for a connection to the end of the body, redirects
	 * included. Positive.
	 * @return the time, or {@code null} for no limit
	 */
	public @Nullable Duration callTimeout() {
		return this.callTimeout;
	}

	/**
	 * Wait for {@code 100 Continue} before a body is sent anyway. Positive.
	 * @return the time
	 */
	public Duration expectContinueTimeout() {
		return this.expectContinueTimeout;
	}

	/**
	 * Whether connections are kept for further calls.
	 * @return {@code true} if so
	 */
	public boolean keepAlive() {
		return this.keepAlive;
	}

	/**
	 * An idle connection is closed after this. Positive.
	 * @return the time
	 */
	public Duration idleTimeout() {
		return this.idleTimeout;
	}

	/**
	 * Age at which a connection is no longer reused, each with up to 10 % taken off at
	 * random. Zero: none.
	 * @return the time
	 */
	public Duration timeToLive() {
		return this.timeToLive;
	}

	/**
	 * A connection idle for longer is checked before it is leased. Zero: always.
	 * @return the time
	 */
	public Duration validateAfterInactivity() {
		return this.validateAfterInactivity;
	}

	/**
	 * Which of several idle connections is leased next.
	 * @return the policy
	 */
	public ReusePolicy reusePolicy() {
		return this.reusePolicy;
	}

	/**
	 * How many bytes of an unread body are read on close to save the connection. 0: none.
	 * @return the number of bytes
	 */
	public long drainMaxBytes() {
		return this.drainMaxBytes;
	}

	/**
	 * How long that may take. Zero: no waiting at all.
	 * @return the time
	 */
	public Duration drainMaxTime() {
		return this.drainMaxTime;
	}

	/**
	 * Most bytes of a 4xx or 5xx body that may be read, on the wire and decoded. 0: no
	 * limit.
	 * @return the number of bytes
	 */
	public long maxErrorBody() {
		return this.maxErrorBody;
	}

	/**
	 * Most bytes of any body that may be read, on the wire and decoded. 0: no limit.
	 * @return the number of bytes
	 */
	public long maxBody() {
		return this.maxBody;
	}

	/**
	 * Whether compressed bodies are asked for and decoded.
	 * @return {@code true} if so
	 */
	public boolean compression() {
		return this.compression;
	}

	/**
	 * Whether a call that failed on a reused connection before any byte of the response
	 * came is replayed once, where that is safe.
	 * @return {@code true} if so
	 */
	public boolean retryStale() {
		return this.retryStale;
	}

	/**
	 * A connection leased for longer is reported with the stack trace of its caller.
	 * Positive.
	 * @return the time, or {@code null} if none is reported
	 */
	public @Nullable Duration leakDetectionThreshold() {
		return this.leakDetectionThreshold;
	}

	/**
	 * Through which proxy connections are made.
	 * @return the proxy's settings, {@link ProxySettings#NONE} unless set
	 */
	public ProxySettings proxy() {
		return this.proxy;
	}

	/**
	 * Limits of their own for single routes.
	 * @return the limits, unmodifiable
	 */
	public List<RouteLimit> routes() {
		return this.routes;
	}

	/**
	 * Connections that are opened at start.
	 * @return what to open, unmodifiable
	 */
	public List<WarmUp> warmUp() {
		return this.warmUp;
	}

	/**
	 * What stands in front of the names of the properties that set these values, such as
	 * {@code http-pool.pools.orders.}: messages of the pool name its own properties. Not
	 * one of the values, and of no meaning for {@code equals}.
	 * @return the prefix, with a dot at its end
	 */
	public String propertyPrefix() {
		return this.propertyPrefix;
	}

	/**
	 * Builder of {@link HttpPoolSettings}. Not thread-safe.
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
		 * Most connections of the pool, leased and idle. At least 1.
		 * @param maxTotal the new value
		 * @return this builder
		 */
		public Builder maxTotal(int maxTotal) {
			this.maxTotal = maxTotal;
			return this;
		}

		/**
		 * Most connections to one route (scheme, host, port, proxy). At least 1.
		 * @param maxPerRoute the new value
		 * @return this builder
		 */
		public Builder maxPerRoute(int maxPerRoute) {
			this.maxPerRoute = maxPerRoute;
			return this;
		}

		/**
		 * Most idle connections kept for one route; as {@code maxPerRoute} unless set. At
		 * least 0.
		 * @param maxIdlePerRoute the new value
		 * @return this builder
		 */
		public Builder maxIdlePerRoute(int maxIdlePerRoute) {
			this.maxIdlePerRoute = maxIdlePerRoute;
			return this;
		}

		/**
		 * Most callers that may wait for a connection at once. 0: nobody waits, -1: no
		 * limit.
		 * @param maxPending the new value
		 * @return this builder
		 */
		public Builder maxPending(int maxPending) {
			this.maxPending = maxPending;
			return this;
		}

		/**
		 * Longest wait for a connection. Positive.
		 * @param acquireTimeout the new value
		 * @return this builder
		 */
		public Builder acquireTimeout(Duration acquireTimeout) {
			this.acquireTimeout = acquireTimeout;
			return this;
		}

		/**
		 * Longest TCP connect, all addresses of a host together. Positive.
		 * @param connectTimeout the new value
		 * @return this builder
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Delay before the next address of a host is tried while an attempt is still
		 * pending (RFC 8305). Zero to try one address after the other.
		 * @param connectFallbackDelay the new value
		 * @return this builder
		 * @since 0.1.0
		 */
		public Builder connectFallbackDelay(Duration connectFallbackDelay) {
			this.connectFallbackDelay = connectFallbackDelay;
			return this;
		}

		/**
		 * Longest TLS handshake. Positive.
		 * @param tlsHandshakeTimeout the new value
		 * @return this builder
		 */
		public Builder tlsHandshakeTimeout(Duration tlsHandshakeTimeout) {
			this.tlsHandshakeTimeout = tlsHandshakeTimeout;
			return this;
		}

		/**
		 * Maximum time without progress: no byte received while waiting for the response,
		 * none accepted by the peer while sending. Positive.
		 * @param responseTimeout the new value
		 * @return this builder
		 */
		public Builder responseTimeout(Duration responseTimeout) {
			this.responseTimeout = responseTimeout;
			return this;
		}

		/**
		 * Longest whole call, from waiting for a connection to the end of the body,
		 * redirects included. Positive, or {@code null} or zero for no limit.
		 * @param callTimeout the new value
		 * @return this builder
		 */
		public Builder callTimeout(@Nullable Duration callTimeout) {
			this.callTimeout = callTimeout;
			return this;
		}

		/**
		 * Wait for {@code 100 Continue} before a body is sent anyway. Positive.
		 * @param expectContinueTimeout the new value
		 * @return this builder
		 */
		public Builder expectContinueTimeout(Duration expectContinueTimeout) {
			this.expectContinueTimeout = expectContinueTimeout;
			return this;
		}

		/**
		 * Whether connections are kept for further calls.
		 * @param keepAlive the new value
		 * @return this builder
		 */
		public Builder keepAlive(boolean keepAlive) {
			this.keepAlive = keepAlive;
			return this;
		}

		/**
		 * An idle connection is closed after this. Positive.
		 * @param idleTimeout the new value
		 * @return this builder
		 */
		public Builder idleTimeout(Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
			return this;
		}

		/**
		 * Age at which a connection is no longer reused, each with up to 10 % taken off
		 * at random. Zero: none.
		 * @param timeToLive the new value
		 * @return this builder
		 */
		public Builder timeToLive(Duration timeToLive) {
			this.timeToLive = timeToLive;
			return this;
		}

		/**
		 * A connection idle for longer is checked before it is leased. Zero: always.
		 * @param validateAfterInactivity the new value
		 * @return this builder
		 */
		public Builder validateAfterInactivity(Duration validateAfterInactivity) {
			this.validateAfterInactivity = validateAfterInactivity;
			return this;
		}

		/**
		 * Which of several idle connections is leased next.
		 * @param reusePolicy the new value
		 * @return this builder
		 */
		public Builder reusePolicy(ReusePolicy reusePolicy) {
			this.reusePolicy = reusePolicy;
			return this;
		}

		/**
		 * How many bytes of an unread body are read on close to save the connection. 0:
		 * none.
		 * @param drainMaxBytes the new value
		 * @return this builder
		 */
		public Builder drainMaxBytes(long drainMaxBytes) {
			this.drainMaxBytes = drainMaxBytes;
			return this;
		}

		/**
		 * How long that may take. Zero: no waiting at all.
		 * @param drainMaxTime the new value
		 * @return this builder
		 */
		public Builder drainMaxTime(Duration drainMaxTime) {
			this.drainMaxTime = drainMaxTime;
			return this;
		}

		/**
		 * Most bytes of a 4xx or 5xx body that may be read, on the wire and decoded. 0:
		 * no limit.
		 * @param maxErrorBody the new value
		 * @return this builder
		 */
		public Builder maxErrorBody(long maxErrorBody) {
			this.maxErrorBody = maxErrorBody;
			return this;
		}

		/**
		 * Most bytes of any body that may be read, on the wire and decoded. 0: no limit.
		 * @param maxBody the new value
		 * @return this builder
		 */
		public Builder maxBody(long maxBody) {
			this.maxBody = maxBody;
			return this;
		}

		/**
		 * Whether compressed bodies are asked for and decoded.
		 * @param compression the new value
		 * @return this builder
		 */
		public Builder compression(boolean compression) {
			this.compression = compression;
			return this;
		}

		/**
		 * Whether a call that failed on a reused connection before any byte of the
		 * response came is replayed once, where that is safe.
		 * @param retryStale the new value
		 * @return this builder
		 */
		public Builder retryStale(boolean retryStale) {
			this.retryStale = retryStale;
			return this;
		}

		/**
		 * A connection leased for longer is reported with the stack trace of its caller.
		 * Positive, or {@code null} or zero if none is to be reported.
		 * @param leakDetectionThreshold the new value
		 * @return this builder
		 */
		public Builder leakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
			this.leakDetectionThreshold = leakDetectionThreshold;
			return this;
		}

		/**
		 * Through which proxy connections are made.
		 * @param proxy the new value
		 * @return this builder
		 */
		public Builder proxy(ProxySettings proxy) {
			this.proxy = proxy;
			return this;
		}

		/**
		 * Add a limit of its own for one route.
		 * @param name the name of the entry
		 * @param uri scheme, host and port of the route; required
		 * @param maxConnections most connections to it, at least 1; required
		 * @return this builder
		 */
		public Builder route(String name, @Nullable String uri, @Nullable Integer maxConnections) {
			this.routes.add(new RouteLimit(name, uri, maxConnections));
			return this;
		}

		/**
		 * Set the limits of single routes, in place of those so far.
		 * @param routes the limits
		 * @return this builder
		 */
		public Builder routes(List<RouteLimit> routes) {
			this.routes.clear();
			this.routes.addAll(routes);
			return this;
		}

		/**
		 * Add connections that are opened at start.
		 * @param name the name of the entry
		 * @param uri scheme, host and port of the route; required
		 * @param connections how many, at least 1; required
		 * @return this builder
		 */
		public Builder warmUp(String name, @Nullable String uri, @Nullable Integer connections) {
			this.warmUp.add(new WarmUp(name, uri, connections));
			return this;
		}

		/**
		 * Set the connections that are opened at start, in place of those so far.
		 * @param warmUp what to open
		 * @return this builder
		 */
		public Builder warmUp(List<WarmUp> warmUp) {
			this.warmUp.clear();
			this.warmUp.addAll(warmUp);
			return this;
		}

		/**
		 * Set what stands in front of the names of the properties in messages of the
		 * pool; {@code http-pool.} unless set. A pool that is made keeps the one that it
		 * was made with.
		 * @param propertyPrefix the prefix, with a dot at its end
		 * @return this builder
		 */
		public Builder propertyPrefix(String propertyPrefix) {
			this.propertyPrefix = propertyPrefix;
			return this;
		}

		/**
		 * Return the settings.
		 * @return the settings
		 * @throws InvalidHttpPoolSettingsException if a value makes no sense
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
