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
 * Limits of a pool, which can be changed while it is used.
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
	 * Give a route the limit of its own, if it has one, before its first connection.
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
	 * Set the limits, those of routes aside.
	 * @return whether there are more connections now than are allowed
	 */
	boolean set(int maxTotal, int maxPerRoute) {
		boolean lower = maxTotal < maxTotal() || maxPerRoute < maxPerRoute();
		this.shrunk |= lower;
		this.book.limit(maxTotal, maxPerRoute);
		return lower && areExceeded();
	}

	/**
	 * Follow other settings in what is not {@linkplain #set set}.
	 * @return whether limits of routes are others
	 */
	boolean follow(HttpPoolSettings settings) {
		boolean others = !settings.routes().equals(this.settings.routes());
		this.settings = settings;
		if (others) {
			RouteLimits next = new RouteLimits(settings.propertyPrefix(), settings.routes());
			this.shrunk = true;
			this.routes.change(() -> this.routeLimits = next, this::applyTo);
		}
		return others;
	}

	/**
	 * Return whether there are more connections than a lowered limit allows.
	 */
	public boolean areExceeded() {
		return this.routes.all().stream().anyMatch(this::isExceeded);
	}

	/**
	 * Return whether a connection that is released is one too many since a limit was
	 * lowered.
	 */
	public boolean isExceeded(Route route) {
		if (!this.shrunk) {
			return false;
		}
		return ConnectionCounts.sum(this.book.tally().both()) > maxTotal()
				|| ConnectionCounts.sum(route.tally.both()) > maxPerRoute(route);
	}

	/**
	 * Follows a resize where it is as the limit of a route, which is its default.
	 */
	@Override
	public int maxIdlePerRoute() {
		return maxIdle(maxPerRoute());
	}

	public int maxIdlePerRoute(Route route) {
		return maxIdle(maxPerRoute(route));
	}

	/**
	 * Return how many connections to a target can be idle at once.
	 */
	public int mostIdle(HttpHost target) {
		int max = maxPerRoute(target);
		return Math.min(max, maxIdle(max));
	}

	/**
	 * Return how many connections of a route with a limit may be idle.
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
	 * Return the limit of routes that have none of their own.
	 */
	@Override
	public int maxPerRoute() {
		return this.book.maxPerRoute();
	}

	public int maxPerRoute(HttpHost target) {
		RouteLimit own = this.routeLimits.of(target);
		return (own != null) ? Objects.requireNonNull(own.maxConnections()) : maxPerRoute();
	}

	@Override
	public int maxPerRoute(RouteStats route) {
		return this.book.max(((Route) route).slots);
	}

}
