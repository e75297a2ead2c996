package io.github.httppool.hc5.pool;

import java.util.Objects;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.RouteLimit;
import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.observe.LimitsView;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;

/**
 * Limits of a pool. They can be changed while the pool is in use.
 */
public final class PoolLimits implements LimitsView {

	private volatile HttpPoolSettings settings;

	private final ConnectionBook<PooledConnection> book;

	private final Routes routes;

	private volatile RouteLimits routeLimits;

	/** Whether there may be more connections than a lowered limit allows. */
	private volatile boolean shrunk;

	PoolLimits(HttpPoolSettings settings, ConnectionBook<PooledConnection> book, Routes routes) {
		this.settings = settings;
		this.book = book;
		this.routes = routes;
		this.routeLimits = new RouteLimits(settings.propertyPrefix(), settings.routes());
	}

	/**
	 * Set the individual limit of a route, if it has one. Called before its first
	 * connection is opened.
	 */
	void applyTo(Route route) {
		RouteLimit limit = this.routeLimits.of(route.httpRoute.getTargetHost());
		if (limit != null || route.ownLimit() != null) {
			route.ownLimit(limit);
			this.book.limit(route.slots,
					(limit != null) ? Objects.requireNonNull(limit.maxConnections()) : RouteSlots.NO_OWN_LIMIT);
		}
	}

	/**
	 * Set the limits, except those of individual routes.
	 * @return whether there are more connections than the new limits allow
	 */
	boolean set(int maxTotal, int maxPerRoute) {
		boolean lower = maxTotal < maxTotal() || maxPerRoute < maxPerRoute();
		this.shrunk |= lower;
		this.book.limit(maxTotal, maxPerRoute);
		return lower && areExceeded();
	}

	/**
	 * Apply changed settings, except the limits to be {@linkplain #set set}.
	 * @return whether the limits of individual routes have changed
	 */
	boolean apply(HttpPoolSettings settings) {
		boolean changed = !settings.routes().equals(this.settings.routes());
		this.settings = settings;
		if (changed) {
			RouteLimits next = new RouteLimits(settings.propertyPrefix(), settings.routes());
			this.shrunk = true;
			this.routes.change(() -> this.routeLimits = next, this::applyTo);
		}
		return changed;
	}

	/**
	 * Return whether there are more connections than a lowered limit allows.
	 */
	public boolean areExceeded() {
		return this.routes.all().stream().anyMatch(this::isExceeded);
	}

	@Override
	public boolean isExceeded(RouteStats route) {
		if (!this.shrunk) {
			return false;
		}
		return ConnectionCounts.sum(this.book.tally().both()) > maxTotal()
				|| ConnectionCounts.sum(route.tally.both()) > maxPerRoute(route);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * By default equal to the maximum number of connections per route, even after that
	 * number has changed.
	 */
	@Override
	public int maxIdlePerRoute() {
		return maxIdle(maxPerRoute());
	}

	@Override
	public int maxIdlePerRoute(RouteStats route) {
		return maxIdle(maxPerRoute(route));
	}

	/**
	 * Return the maximum number of idle connections to a target.
	 */
	public int mostIdle(HttpHost target) {
		int max = maxPerRoute(target);
		return Math.min(max, maxIdle(max));
	}

	/**
	 * Return the maximum number of idle connections of a route.
	 * @param maxPerRoute the maximum number of connections of that route
	 */
	int maxIdle(int maxPerRoute) {
		int maxIdle = this.settings.maxIdlePerRoute();
		return (maxIdle == this.settings.maxPerRoute()) ? maxPerRoute : maxIdle;
	}

	@Override
	public int maxTotal() {
		return this.book.maxTotal();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Applies to routes without an individual limit.
	 */
	@Override
	public int maxPerRoute() {
		return this.book.maxPerRoute();
	}

	public int maxPerRoute(HttpHost target) {
		RouteLimit limit = this.routeLimits.of(target);
		return (limit != null) ? Objects.requireNonNull(limit.maxConnections()) : maxPerRoute();
	}

	@Override
	public int maxPerRoute(RouteStats route) {
		return this.book.max(((Route) route).slots);
	}

}
