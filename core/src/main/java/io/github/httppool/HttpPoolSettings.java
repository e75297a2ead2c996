package io.github.httppool;

import java.time.Duration;
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

	/** Never changed after construction. */
	private final SettingValues values;

	private HttpPoolSettings(SettingValues values) {
		this.values = values;
	}

	/**
	 * Create a builder with the default values.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder(new SettingValues());
	}

	/**
	 * Create a builder with the values of these settings.
	 * @return a new builder
	 */
	public Builder toBuilder() {
		return new Builder(this.values.copy());
	}

	/**
	 * Return the values by the names of their properties, such as
	 * {@code drain.max-bytes}. Sizes are numbers of bytes. The text {@code none} stands
	 * for an unlimited duration.
	 * @return the values in the order of the documentation, unmodifiable
	 */
	public Map<String, Object> values() {
		return this.values.table().values();
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
		return this.values.maxTotal;
	}

	/**
	 * Return the maximum number of connections per route (scheme, host, port, proxy).
	 * @return the number, at least 1
	 */
	public int maxPerRoute() {
		return this.values.maxPerRoute;
	}

	/**
	 * Return the maximum number of idle connections kept per route.
	 * @return the number, at least 0; the same as {@link #maxPerRoute()} unless set
	 */
	public int maxIdlePerRoute() {
		return this.values.maxIdlePerRoute();
	}

	/**
	 * Return the maximum number of callers waiting for a connection. The pool rejects
	 * further callers immediately.
	 * @return the number; 0 if callers never wait, -1 if there is no limit
	 */
	public int maxPending() {
		return this.values.maxPending;
	}

	/**
	 * Return the maximum time to wait for a connection.
	 * @return the time, at least 1 ms
	 */
	public Duration acquireTimeout() {
		return this.values.acquireTimeout;
	}

	/**
	 * Return the maximum time to establish a TCP connection, over all addresses of the
	 * host.
	 * @return the time, at least 1 ms
	 */
	public Duration connectTimeout() {
		return this.values.connectTimeout;
	}

	/**
	 * Return the delay before the next address of a host is tried while an attempt is
	 * still pending (RFC 8305).
	 * @return the time; zero if addresses are tried one after the other
	 */
	public Duration connectFallbackDelay() {
		return this.values.connectFallbackDelay;
	}

	/**
	 * Return the maximum time for a TLS handshake.
	 * @return the time, at least 1 ms
	 */
	public Duration tlsHandshakeTimeout() {
		return this.values.tlsHandshakeTimeout;
	}

	/**
	 * Return the maximum time without progress: no byte received while waiting for the
	 * response, none accepted by the peer while sending.
	 * @return the time, at least 1 ms
	 */
	public Duration responseTimeout() {
		return this.values.responseTimeout;
	}

	/**
	 * Return the maximum time for a whole call: acquire, connect, redirects, headers and
	 * body.
	 * @return the time, at least 1 ms, or {@code null} for no limit
	 */
	public @Nullable Duration callTimeout() {
		return this.values.callTimeout;
	}

	/**
	 * Return the maximum time to wait for {@code 100 Continue} before the body is sent
	 * anyway.
	 * @return the time, at least 1 ms
	 */
	public Duration expectContinueTimeout() {
		return this.values.expectContinueTimeout;
	}

	/**
	 * Return whether connections are reused.
	 * @return {@code true} if they are reused
	 */
	public boolean keepAlive() {
		return this.values.keepAlive;
	}

	/**
	 * Return the maximum idle time of a connection.
	 * @return the time, at least 1 ms
	 */
	public Duration idleTimeout() {
		return this.values.idleTimeout;
	}

	/**
	 * Return the maximum age of a connection. The pool randomly shortens it by up to 10
	 * %, so that connections do not all expire at the same time.
	 * @return the age; zero if there is no limit
	 */
	public Duration timeToLive() {
		return this.values.timeToLive;
	}

	/**
	 * Return the idle time after which a connection is validated before it is leased.
	 * @return the time; zero if every lease is validated
	 */
	public Duration validateAfterInactivity() {
		return this.values.validateAfterInactivity;
	}

	/**
	 * Return which of several idle connections of a route is leased next.
	 * @return the policy
	 */
	public ReusePolicy reusePolicy() {
		return this.values.reusePolicy;
	}

	/**
	 * Return the maximum number of unread bytes of a body that are read on close to keep
	 * the connection.
	 * @return the number of bytes; 0 if none are read
	 */
	public long drainMaxBytes() {
		return this.values.drainMaxBytes;
	}

	/**
	 * Return the maximum time to read unread bytes on close.
	 * @return the time; zero if the pool reads only bytes that are buffered
	 */
	public Duration drainMaxTime() {
		return this.values.drainMaxTime;
	}

	/**
	 * Return the maximum size of a 4xx or 5xx body, as received and after decompression.
	 * @return the number of bytes; 0 if there is no limit
	 */
	public long maxErrorBody() {
		return this.values.maxErrorBody;
	}

	/**
	 * Return the maximum size of any body, as received and after decompression.
	 * @return the number of bytes; 0 if there is no limit
	 */
	public long maxBody() {
		return this.values.maxBody;
	}

	/**
	 * Return whether compressed responses are requested and decoded.
	 * @return {@code true} if they are
	 */
	public boolean compression() {
		return this.values.compression;
	}

	/**
	 * Return whether a safe call is repeated once when its reused connection was stale:
	 * the call failed before the first byte of the response.
	 * @return {@code true} if it is repeated
	 */
	public boolean retryStale() {
		return this.values.retryStale;
	}

	/**
	 * Return the lease time after which a connection is reported with the stack trace of
	 * its caller.
	 * @return the time, at least 1 ms, or {@code null} if leases are not reported
	 */
	public @Nullable Duration leakDetectionThreshold() {
		return this.values.leakDetectionThreshold;
	}

	/**
	 * Return the settings of the proxy.
	 * @return the settings, {@link ProxySettings#NONE} unless set
	 */
	public ProxySettings proxy() {
		return this.values.proxy;
	}

	/**
	 * Return the limits of individual routes, which override {@link #maxPerRoute()}.
	 * @return the limits, unmodifiable
	 */
	public List<RouteLimit> routes() {
		return this.values.routes;
	}

	/**
	 * Return the connections to open at startup.
	 * @return the routes and numbers of connections, unmodifiable
	 */
	public List<WarmUp> warmUp() {
		return this.values.warmUp;
	}

	/**
	 * Return the prefix of the properties that set these values, such as
	 * {@code http-pool.pools.orders.}. The pool uses it in its messages. The prefix is
	 * not one of the {@link #values() values}, and {@code equals} ignores it.
	 * @return the prefix, with a dot at its end
	 */
	public String propertyPrefix() {
		return this.values.propertyPrefix;
	}

	/**
	 * Builder of {@link HttpPoolSettings}. Not thread-safe. The setters accept any value;
	 * {@link #build()} checks all values together.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder extends SettingsBuilder<Builder> {

		private Builder(SettingValues values) {
			super(values);
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Check all values and create the settings.
		 * @return the settings
		 * @throws InvalidHttpPoolSettingsException if a value is invalid; it lists all
		 * problems
		 */
		public HttpPoolSettings build() {
			SettingValues values = this.values.copy();
			List<Problem> problems = values.table().problems();
			if (!problems.isEmpty()) {
				throw new InvalidHttpPoolSettingsException(problems);
			}
			return new HttpPoolSettings(values);
		}

	}

}
