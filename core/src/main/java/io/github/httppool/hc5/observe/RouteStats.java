package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.ProxyServer;
import io.github.httppool.RouteLimit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one route of a pool, and its limit.
 */
public abstract class RouteStats {

	public final HttpRoute httpRoute;

	/** Through which proxy it goes without HttpClient knowing of it, if any. */
	public final @Nullable ProxyServer socks;

	public final String name;

	public final Counters counters = new Counters();

	public final RouteTraffic traffic = new RouteTraffic();

	public final SampledRoute sampled = new SampledRoute();

	public final ConnectionCounts tally = new ConnectionCounts();

	public final AtomicInteger pending = new AtomicInteger();

	/** {@link System#nanoTime()} of the first wish for a connection. */
	public final long since = System.nanoTime();

	/** {@code null} for that of the pool. */
	private volatile @Nullable RouteLimit ownLimit;

	/** {@link System#nanoTime()} of the last wish for a connection. */
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
	 * Returns whether the route has connections or waiting callers.
	 */
	public boolean isInUse() {
		return this.tally.both() != 0 || this.pending.get() != 0;
	}

	/**
	 * Return whether nothing was logged about this route for some time, and take it for
	 * logged now.
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

	/** Built from parts, so that nothing but scheme, host and port can be in it. */
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
