package io.github.httppool.hc5;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.github.httppool.HttpPoolSettings;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;

/**
 * Limits of a pool, which can be changed while it is used.
 */
final class PoolLimits {

	/** A route that never gets a connection. */
	private static final HttpRoute NOWHERE = new HttpRoute(new HttpHost("http", "nowhere.invalid", 1));

	private volatile HttpPoolSettings settings;

	private final PoolingHttpClientConnectionManager delegate;

	private final Tally tally;

	private final Routes routes;

	private volatile int maxTotal;

	private volatile int maxPerRoute;

	/** Whether there may be more connections than a lowered limit allows. */
	private volatile boolean shrunk;

	PoolLimits(HttpPoolSettings settings, PoolingHttpClientConnectionManager delegate, Tally tally, Routes routes) {
		this.settings = settings;
		this.delegate = delegate;
		this.tally = tally;
		this.routes = routes;
		this.delegate.setMaxPerRoute(NOWHERE, 0);
		this.maxTotal = this.delegate.getMaxTotal();
		this.maxPerRoute = this.delegate.getDefaultMaxPerRoute();
	}

	/**
	 * Set the limits.
	 * @return whether there are more connections now than are allowed
	 */
	boolean set(int maxTotal, int maxPerRoute) {
		boolean lower = maxTotal < this.maxTotal || maxPerRoute < this.maxPerRoute;
		this.maxTotal = maxTotal;
		this.maxPerRoute = maxPerRoute;
		this.shrunk |= lower;
		this.delegate.setMaxTotal(maxTotal);
		this.delegate.setDefaultMaxPerRoute(maxPerRoute);
		return lower && this.routes.all().stream().anyMatch(this::isExceeded);
	}

	/**
	 * Follow other settings in what is not {@linkplain #set set}.
	 */
	void follow(HttpPoolSettings settings) {
		this.settings = settings;
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
	 * Say whether a connection that is released is one too many since a limit was
	 * lowered.
	 */
	boolean isExceeded(Route route) {
		if (!this.shrunk) {
			return false;
		}
		return Tally.sum(this.tally.both()) > this.maxTotal || Tally.sum(route.tally.both()) > this.maxPerRoute;
	}

	/**
	 * Follows a resize where it is as the limit of a route, which is its default.
	 */
	int maxIdlePerRoute() {
		int maxIdle = this.settings.maxIdlePerRoute();
		return (maxIdle == this.settings.maxPerRoute()) ? this.maxPerRoute : maxIdle;
	}

	int maxTotal() {
		return this.maxTotal;
	}

	int maxPerRoute() {
		return this.maxPerRoute;
	}

}
