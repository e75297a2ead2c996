package io.github.httppool.hc5;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.ProxyServer;
import io.github.httppool.RouteLimit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one route of a pool.
 */
final class Route {

	final HttpRoute httpRoute;

	/** Through which proxy it goes without HttpClient knowing of it, if any. */
	final @Nullable ProxyServer socks;

	final String name;

	final Counters counters = new Counters();

	final RouteTraffic traffic = new RouteTraffic();

	final SampledRoute sampled = new SampledRoute();

	final Tally tally = new Tally();

	final KeptConnections kept = new KeptConnections();

	final AtomicInteger pending = new AtomicInteger();

	/** {@link System#nanoTime()} of the first wish for a connection. */
	final long since = System.nanoTime();

	/** {@code null} for that of the pool. */
	private volatile @Nullable RouteLimit ownLimit;

	/** {@link System#nanoTime()} of the last wish for a connection. */
	volatile long lastUsed = this.since;

	/** Whether it is no longer among the routes of the pool. */
	volatile boolean forgotten;

	private final AtomicLong warnedAt = new AtomicLong();

	Route(HttpRoute httpRoute) {
		this(httpRoute, null);
	}

	Route(HttpRoute httpRoute, @Nullable ProxyServer socks) {
		this.httpRoute = httpRoute;
		this.socks = socks;
		this.name = name(httpRoute, socks);
	}

	/**
	 * Return the address of the proxy, or {@code null} if there is none.
	 */
	@Nullable String proxy() {
		if (this.socks != null) {
			return this.socks.toString();
		}
		HttpHost proxy = this.httpRoute.getProxyHost();
		return (proxy != null) ? origin(proxy) : null;
	}

	@Nullable RouteLimit ownLimit() {
		return this.ownLimit;
	}

	void ownLimit(@Nullable RouteLimit ownLimit) {
		this.ownLimit = ownLimit;
	}

	boolean isInUse() {
		return this.tally.both() != 0 || this.pending.get() != 0 || !this.kept.isEmpty();
	}

	/**
	 * Return whether nothing was logged about this route for some time, and take it for
	 * logged now.
	 */
	boolean mayWarn(long now, long quietNanos) {
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
	static String origin(HttpHost host) {
		String name = host.getHostName();
		String bracketed = (name.indexOf(':') >= 0 && !name.startsWith("[")) ? "[" + name + "]" : name;
		return host.getSchemeName() + "://" + bracketed + ((host.getPort() >= 0) ? ":" + host.getPort() : "");
	}

	@Override
	public String toString() {
		return this.name;
	}

}
