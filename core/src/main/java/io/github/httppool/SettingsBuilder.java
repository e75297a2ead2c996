package io.github.httppool;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The setters of {@link HttpPoolSettings.Builder}.
 *
 * @param <B> the type of the builder
 */
abstract class SettingsBuilder<B extends SettingsBuilder<B>> {

	final SettingValues values;

	SettingsBuilder(SettingValues values) {
		this.values = values;
	}

	abstract B self();

	/**
	 * Set the maximum number of connections in the pool, leased and idle.
	 * @param maxTotal the number, at least 1; the default is 200
	 * @return this builder
	 */
	public B maxTotal(int maxTotal) {
		this.values.maxTotal = maxTotal;
		return self();
	}

	/**
	 * Set the maximum number of connections per route (scheme, host, port, proxy).
	 * @param maxPerRoute the number, at least 1; the default is 50
	 * @return this builder
	 */
	public B maxPerRoute(int maxPerRoute) {
		this.values.maxPerRoute = maxPerRoute;
		return self();
	}

	/**
	 * Set the maximum number of idle connections kept per route. Unless set, it follows
	 * {@link #maxPerRoute(int)}.
	 * @param maxIdlePerRoute the number, at least 0
	 * @return this builder
	 */
	public B maxIdlePerRoute(int maxIdlePerRoute) {
		this.values.maxIdlePerRoute = maxIdlePerRoute;
		return self();
	}

	/**
	 * Set the maximum number of callers waiting for a connection. The pool rejects
	 * further callers immediately.
	 * @param maxPending the number; 0 if callers never wait, -1 for no limit; the default
	 * is 1000
	 * @return this builder
	 */
	public B maxPending(int maxPending) {
		this.values.maxPending = maxPending;
		return self();
	}

	/**
	 * Set the maximum time to wait for a connection.
	 * @param acquireTimeout the time, at least 1 ms; the default is 3 s
	 * @return this builder
	 */
	public B acquireTimeout(Duration acquireTimeout) {
		this.values.acquireTimeout = acquireTimeout;
		return self();
	}

	/**
	 * Set the maximum time to establish a TCP connection, over all addresses of the host.
	 * @param connectTimeout the time, at least 1 ms; the default is 2 s
	 * @return this builder
	 */
	public B connectTimeout(Duration connectTimeout) {
		this.values.connectTimeout = connectTimeout;
		return self();
	}

	/**
	 * Set the delay before the next address of a host is tried while an attempt is still
	 * pending (RFC 8305).
	 * @param connectFallbackDelay the time; zero to try one address after the other; the
	 * default is 250 ms
	 * @return this builder
	 */
	public B connectFallbackDelay(Duration connectFallbackDelay) {
		this.values.connectFallbackDelay = connectFallbackDelay;
		return self();
	}

	/**
	 * Set the maximum time for a TLS handshake.
	 * @param tlsHandshakeTimeout the time, at least 1 ms; the default is 5 s
	 * @return this builder
	 */
	public B tlsHandshakeTimeout(Duration tlsHandshakeTimeout) {
		this.values.tlsHandshakeTimeout = tlsHandshakeTimeout;
		return self();
	}

	/**
	 * Set the maximum time without progress: no byte received while waiting for the
	 * response, none accepted by the peer while sending.
	 * @param responseTimeout the time, at least 1 ms; the default is 30 s
	 * @return this builder
	 */
	public B responseTimeout(Duration responseTimeout) {
		this.values.responseTimeout = responseTimeout;
		return self();
	}

	/**
	 * Set the maximum time for a whole call: acquire, connect, redirects, headers and
	 * body.
	 * @param callTimeout the time, at least 1 ms; {@code null} or zero for no limit,
	 * which is the default
	 * @return this builder
	 */
	public B callTimeout(@Nullable Duration callTimeout) {
		this.values.callTimeout = noneIfZero(callTimeout);
		return self();
	}

	/**
	 * Set the maximum time to wait for {@code 100 Continue} before the body is sent
	 * anyway.
	 * @param expectContinueTimeout the time, at least 1 ms; the default is 1 s
	 * @return this builder
	 */
	public B expectContinueTimeout(Duration expectContinueTimeout) {
		this.values.expectContinueTimeout = expectContinueTimeout;
		return self();
	}

	/**
	 * Set whether connections are reused.
	 * @param keepAlive {@code true}, the default, to reuse them
	 * @return this builder
	 */
	public B keepAlive(boolean keepAlive) {
		this.values.keepAlive = keepAlive;
		return self();
	}

	/**
	 * Set the maximum idle time of a connection.
	 * @param idleTimeout the time, at least 1 ms; the default is 50 s
	 * @return this builder
	 */
	public B idleTimeout(Duration idleTimeout) {
		this.values.idleTimeout = idleTimeout;
		return self();
	}

	/**
	 * Set the maximum age of a connection. The pool randomly shortens it by up to 10 %,
	 * so that connections do not all expire at the same time.
	 * @param timeToLive the age; zero for no limit; the default is 5 min
	 * @return this builder
	 */
	public B timeToLive(Duration timeToLive) {
		this.values.timeToLive = timeToLive;
		return self();
	}

	/**
	 * Set the idle time after which a connection is validated before it is leased.
	 * @param validateAfterInactivity the time; zero to validate on every lease; the
	 * default is 10 ms
	 * @return this builder
	 */
	public B validateAfterInactivity(Duration validateAfterInactivity) {
		this.values.validateAfterInactivity = validateAfterInactivity;
		return self();
	}

	/**
	 * Set which of several idle connections of a route is leased next.
	 * @param reusePolicy the policy; the default is {@link ReusePolicy#LIFO}
	 * @return this builder
	 */
	public B reusePolicy(ReusePolicy reusePolicy) {
		this.values.reusePolicy = reusePolicy;
		return self();
	}

	/**
	 * Set the maximum number of unread bytes of a body that are read on close to keep the
	 * connection.
	 * @param drainMaxBytes the number of bytes; 0 to read none; the default is 64 KB
	 * @return this builder
	 */
	public B drainMaxBytes(long drainMaxBytes) {
		this.values.drainMaxBytes = drainMaxBytes;
		return self();
	}

	/**
	 * Set the maximum time to read unread bytes on close.
	 * @param drainMaxTime the time; zero to read only bytes that are buffered; the
	 * default is 50 ms
	 * @return this builder
	 */
	public B drainMaxTime(Duration drainMaxTime) {
		this.values.drainMaxTime = drainMaxTime;
		return self();
	}

	/**
	 * Set the maximum size of a 4xx or 5xx body, as received and after decompression.
	 * @param maxErrorBody the number of bytes; 0 for no limit; the default is 1 MB
	 * @return this builder
	 */
	public B maxErrorBody(long maxErrorBody) {
		this.values.maxErrorBody = maxErrorBody;
		return self();
	}

	/**
	 * Set the maximum size of any body, as received and after decompression.
	 * @param maxBody the number of bytes; 0, the default, for no limit
	 * @return this builder
	 */
	public B maxBody(long maxBody) {
		this.values.maxBody = maxBody;
		return self();
	}

	/**
	 * Set whether compressed responses are requested and decoded.
	 * @param compression {@code true}, the default, to request them
	 * @return this builder
	 */
	public B compression(boolean compression) {
		this.values.compression = compression;
		return self();
	}

	/**
	 * Set whether a safe call is repeated once when its reused connection was stale: the
	 * call failed before the first byte of the response.
	 * @param retryStale {@code true}, the default, to repeat it
	 * @return this builder
	 */
	public B retryStale(boolean retryStale) {
		this.values.retryStale = retryStale;
		return self();
	}

	/**
	 * Set the lease time after which a connection is reported with the stack trace of its
	 * caller.
	 * @param leakDetectionThreshold the time, at least 1 ms; {@code null} or zero, the
	 * default, to report none
	 * @return this builder
	 */
	public B leakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
		this.values.leakDetectionThreshold = noneIfZero(leakDetectionThreshold);
		return self();
	}

	/**
	 * Set the proxy.
	 * @param proxy the settings of the proxy; the default is {@link ProxySettings#NONE}
	 * @return this builder
	 */
	public B proxy(ProxySettings proxy) {
		this.values.proxy = proxy;
		return self();
	}

	/**
	 * Add a limit for an individual route, which overrides {@link #maxPerRoute(int)}.
	 * @param name the name of the entry, for messages
	 * @param uri scheme, host and port of the route; required
	 * @param maxConnections maximum number of connections of the route, at least 1;
	 * required
	 * @return this builder
	 */
	public B route(String name, @Nullable String uri, @Nullable Integer maxConnections) {
		this.values.routes = append(this.values.routes, new RouteLimit(name, uri, maxConnections));
		return self();
	}

	/**
	 * Set the limits of individual routes. They replace all limits that were added
	 * before.
	 * @param routes the limits
	 * @return this builder
	 */
	public B routes(List<RouteLimit> routes) {
		this.values.routes = List.copyOf(routes);
		return self();
	}

	/**
	 * Add connections to open at startup.
	 * @param name the name of the entry, for messages
	 * @param uri scheme, host and port of the route; required
	 * @param connections number of connections, at least 1; required
	 * @return this builder
	 */
	public B warmUp(String name, @Nullable String uri, @Nullable Integer connections) {
		this.values.warmUp = append(this.values.warmUp, new WarmUp(name, uri, connections));
		return self();
	}

	/**
	 * Set the connections to open at startup. They replace all connections that were
	 * added before.
	 * @param warmUp the routes and numbers of connections
	 * @return this builder
	 */
	public B warmUp(List<WarmUp> warmUp) {
		this.values.warmUp = List.copyOf(warmUp);
		return self();
	}

	/**
	 * Set the prefix of the properties that the messages of the pool name. A pool keeps
	 * the prefix with which it was created.
	 * @param propertyPrefix the prefix, with a dot at its end; the default is
	 * {@code http-pool.}
	 * @return this builder
	 */
	public B propertyPrefix(String propertyPrefix) {
		this.values.propertyPrefix = propertyPrefix;
		return self();
	}

	private static @Nullable Duration noneIfZero(@Nullable Duration time) {
		return (time != null && time.isZero()) ? null : time;
	}

	private static <T> List<T> append(List<T> list, T element) {
		return Stream.concat(list.stream(), Stream.of(element)).toList();
	}

}
