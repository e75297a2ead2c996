package io.github.httppool.hc5.pool;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.RouteLimit;
import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.observe.LimitsView;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;

/**
 * Limits of a pool, which can be changed while it is used.
 */
public final class PoolLimits implements LimitsView {

	/** A route that never gets a connection. */
	private static final HttpRoute NOWHERE = new HttpRoute(new HttpHost("http", "nowhere.invalid", 1));

	private volatile HttpPoolSettings settings;

	private final PoolingHttpClientConnectionManager delegate;

	private final ConnectionCounts tally;

	private final Routes routes;

	private volatile RouteLimits routeLimits;

	private volatile int maxTotal;

	private volatile int maxPerRoute;

	/** Whether a route may have had a limit of its own that it has no more. */
	private volatile boolean hadRouteLimits;

	/** Whether there may be more connections than a lowered limit allows. */
	private volatile boolean shrunk;

	PoolLimits(HttpPoolSettings settings, PoolingHttpClientConnectionManager delegate, ConnectionCounts tally,
			Routes routes) {
		this.settings = settings;
		this.delegate = delegate;
		this.tally = tally;
		this.routes = routes;
		this.routeLimits = new RouteLimits(settings.propertyPrefix(), settings.routes());
		this.delegate.setMaxPerRoute(NOWHERE, 0);
		this.maxTotal = this.delegate.getMaxTotal();
		this.maxPerRoute = this.delegate.getDefaultMaxPerRoute();
	}

	/**
	 * Give a route the limit of its own, if it has one, before its first connection.
	 */
	void applyTo(Route route) {
		RouteLimit limit = this.routeLimits.of(route.httpRoute.getTargetHost());
		if (limit != null) {
			route.ownLimit(limit);
			this.delegate.setMaxPerRoute(route.httpRoute, maxPerRoute(route));
		}
		else if (this.hadRouteLimits) {
			// HttpClient's pool remembers the limit of a route that was forgotten here.
			route.ownLimit(null);
			this.delegate.setMaxPerRoute(route.httpRoute, -1);
		}
	}

	/**
	 * Set the limits, those of routes aside.
	 * @return whether there are more connections now than are allowed
	 */
	boolean set(int maxTotal, int maxPerRoute) {
		boolean lower = maxTotal < this.maxTotal || maxPerRoute < this.maxPerRoute;
		this.maxTotal = maxTotal;
		this.maxPerRoute = maxPerRoute;
		this.shrunk |= lower;
		this.delegate.setMaxTotal(maxTotal);
		this.delegate.setDefaultMaxPerRoute(maxPerRoute);
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
			this.hadRouteLimits = true;
			this.shrunk = true;
			this.routes.change(() -> this.routeLimits = next, this::applyTo);
		}
		return others;
	}

	/**
	 * Return whether there are more connections than a lowered limit allows.
	 */
	boolean areExceeded() {
		return this.routes.all().stream().anyMatch(this::isExceeded);
	}

	/**
	 * HttpClient's pool looks at its waiting requests after a release only. A sweep over
	 * its idle connections serves those that can be served now, and a further request, of
	 * a route that gets nothing, makes it tell them.
	 */
	void wakeWaiting() {
		this.delegate.closeExpired();
		// An interrupted thread would not be let in.
		boolean interrupted = Thread.interrupted();
		try {
			this.delegate.lease("nudge", NOWHERE, Timeout.ofSeconds(1), null).get(Timeout.ZERO_MILLISECONDS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		catch (ExecutionException | TimeoutException | IllegalStateException ex) {
			// As it must be, or the pool is closed at this moment.
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Return whether a connection that is released is one too many since a limit was
	 * lowered.
	 */
	boolean isExceeded(Route route) {
		if (!this.shrunk) {
			return false;
		}
		return ConnectionCounts.sum(this.tally.both()) > this.maxTotal
				|| ConnectionCounts.sum(route.tally.both()) > maxPerRoute(route);
	}

	/**
	 * Follows a resize where it is as the limit of a route, which is its default.
	 */
	@Override
	public int maxIdlePerRoute() {
		return maxIdle(this.maxPerRoute);
	}

	public int maxIdlePerRoute(Route route) {
		return maxIdle(maxPerRoute(route));
	}

	/**
	 * Return how many connections to a target can be idle at once.
	 */
	public int mostIdle(HttpHost target) {
		RouteLimit own = this.routeLimits.of(target);
		int max = (own != null) ? Objects.requireNonNull(own.maxConnections()) : this.maxPerRoute;
		return Math.min(max, maxIdle(max));
	}

	private int maxIdle(int maxPerRoute) {
		int maxIdle = this.settings.maxIdlePerRoute();
		return (maxIdle == this.settings.maxPerRoute()) ? maxPerRoute : maxIdle;
	}

	@Override
	public int maxTotal() {
		return this.maxTotal;
	}

	/**
	 * Return the limit of routes that have none of their own.
	 */
	@Override
	public int maxPerRoute() {
		return this.maxPerRoute;
	}

	@Override
	public int maxPerRoute(RouteStats route) {
		RouteLimit own = route.ownLimit();
		return (own != null) ? Objects.requireNonNull(own.maxConnections()) : this.maxPerRoute;
	}

}
