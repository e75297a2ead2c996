package io.github.httppool.autoconfigure.properties;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ReusePolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
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

	@NestedConfigurationProperty
	private final DrainProperties drain = new DrainProperties();

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

	@NestedConfigurationProperty
	private final ProxyProperties proxy = new ProxyProperties();

	/**
	 * Limits of single routes, by a name of your choice.
	 */
	private final Map<String, RouteProperties> routes = new LinkedHashMap<>();

	/**
	 * Connections opened at startup, by a name of your choice. Further pools do not
	 * inherit them.
	 */
	private final Map<String, WarmUpProperties> warmUp = new LinkedHashMap<>();

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

	public DrainProperties getDrain() {
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

	public ProxyProperties getProxy() {
		return this.proxy;
	}

	public Map<String, RouteProperties> getRoutes() {
		return this.routes;
	}

	public Map<String, WarmUpProperties> getWarmUp() {
		return this.warmUp;
	}

	/**
	 * Return the settings of a pool: one line for each property, in the order of the
	 * fields.
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
		settings.drainMaxBytes(this.drain.getMaxBytes().toBytes());
		settings.drainMaxTime(this.drain.getMaxTime());
		settings.maxErrorBody(this.maxErrorBody.toBytes());
		settings.maxBody((this.maxBody != null) ? this.maxBody.toBytes() : 0);
		settings.compression(this.compression);
		settings.retryStale(this.retryStale);
		settings.leakDetectionThreshold(this.leakDetectionThreshold);
		settings.proxy(this.proxy.toSettings());
		this.routes.forEach((name, route) -> settings.route(name, route.getUri(), route.getMaxConnections()));
		this.warmUp.forEach((name, warmUp) -> settings.warmUp(name, warmUp.getUri(), warmUp.getConnections()));
		return settings.build();
	}

}
