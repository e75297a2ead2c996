package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.ProxyServer;
import io.github.httppool.RouteLimit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of one route of a pool, and its limit.
 */
public abstract class RouteStats {

	public final HttpRoute httpRoute;

	/**
	 * The SOCKS proxy of the route, which HttpClient does not know, or {@code null}.
	 */
	public final @Nullable ProxyServer socks;

	public final String name;

	public final Counters counters = new Counters();

	public final RouteTraffic traffic = new RouteTraffic();

	public final SampledRoute sampled = new SampledRoute();

	public final ConnectionCounts tally = new ConnectionCounts();

	public final AtomicInteger pending = new AtomicInteger();

	/**
	 * {@link System#nanoTime()} of the first request for a connection.
	 */
	public final long since = System.nanoTime();

	/**
	 * The limit of this route, or {@code null} if the pool's default applies.
	 */
	private volatile @Nullable RouteLimit ownLimit;

	/**
	 * {@link System#nanoTime()} of the last request for a connection.
	 */
	public volatile long lastUsed = this.since;

	private final AtomicLong warnedAt = new AtomicLong();

	protected RouteStats(HttpRoute httpRoute, @Nullable ProxyServer socks) {
		this.httpRoute = httpRoute;
		this.socks = socks;
		this.name = name(httpRoute, socks);
	}

	/**
	 * Return the address of the proxy, or {@code null} if there is none.
	 */
	public @Nullable String proxy() {
		if (this.socks != null) {
			return this.socks.toString();
		}
		HttpHost proxy = this.httpRoute.getProxyHost();
		return (proxy != null) ? origin(proxy) : null;
	}

	public @Nullable RouteLimit ownLimit() {
		return this.ownLimit;
	}

	public void ownLimit(@Nullable RouteLimit ownLimit) {
		this.ownLimit = ownLimit;
	}

	/**
	 * Return whether the route has connections or waiting callers.
	 */
	public boolean isInUse() {
		return this.tally.both() != 0 || this.pending.get() != 0;
	}

	/**
	 * Return whether a warning about this route may be logged now, and record it as
	 * logged.
	 */
	public boolean mayWarn(long now, long quietNanos) {
		long before = this.warnedAt.get();
		return (before == 0 || now - before > quietNanos) && this.warnedAt.compareAndSet(before, now);
	}

	private static String name(HttpRoute route, @Nullable ProxyServer socks) {
		String target = origin(route.getTargetHost());
		if (socks != null) {
			return target + " via " + socks;
		}
		HttpHost proxy = route.getProxyHost();
		return (proxy != null) ? target + " via " + origin(proxy) : target;
	}

	/**
	 * Build the origin of a host. It consists of scheme, host and port only, so it
	 * contains no user info.
	 */
	public static String origin(HttpHost host) {
		String name = host.getHostName();
		String bracketed = (name.indexOf(':') >= 0 && !name.startsWith("[")) ? "[" + name + "]" : name;
		return host.getSchemeName() + "://" + bracketed + ((host.getPort() >= 0) ? ":" + host.getPort() : "");
	}

	@Override
	public String toString() {
		return this.name;
	}

}
