package io.github.httppool.autoconfigure;

import java.time.Duration;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ReusePolicy;
import io.github.httppool.metrics.MetricsConvention;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of the shared HTTP connection pool.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("http-pool")
public class HttpPoolProperties {

	/**
	 * Whether clients share a pool. When off, Spring Boot behaves as if the starter were
	 * not there.
	 */
	private boolean enabled = true;

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
	 * Longest TLS handshake.
	 */
	private Duration tlsHandshakeTimeout = Duration.ofSeconds(5);

	/**
	 * Longest silence while waiting for the next bytes of a response.
	 */
	private Duration responseTimeout = Duration.ofSeconds(30);

	/**
	 * Longest whole call: waiting for a connection, connecting, redirects, headers and
	 * reading the body. None by default.
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
	 * caller. None by default.
	 */
	private @Nullable Duration leakDetectionThreshold;

	private final Metrics metrics = new Metrics();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

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

	public Metrics getMetrics() {
		return this.metrics;
	}

	/**
	 * Return the settings of a pool: one line for each property, so that a forgotten one
	 * is seen.
	 */
	HttpPoolSettings toSettings() {
		HttpPoolSettings.Builder settings = HttpPoolSettings.builder();
		settings.maxTotal(this.maxTotal);
		settings.maxPerRoute(this.maxPerRoute);
		settings.maxIdlePerRoute((this.maxIdlePerRoute != null) ? this.maxIdlePerRoute : this.maxPerRoute);
		settings.maxPending(this.maxPending);
		settings.acquireTimeout(this.acquireTimeout);
		settings.connectTimeout(this.connectTimeout);
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
	 * What is measured, and under which names.
	 */
	public static class Metrics {

		/**
		 * Whose names the meters of connections bear.
		 */
		private MetricsConvention convention = MetricsConvention.MICROMETER;

		public MetricsConvention getConvention() {
			return this.convention;
		}

		public void setConvention(MetricsConvention convention) {
			this.convention = convention;
		}

	}

}
