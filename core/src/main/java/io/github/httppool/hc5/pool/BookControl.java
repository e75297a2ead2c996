package io.github.httppool.hc5.pool;

import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.observe.ConnectionCounts;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The book of a pool as HttpClient's statistics and controls see it. Leases go through
 * {@link PooledConnectionManager} only.
 */
final class BookControl implements ManagedConnPool<HttpRoute, ManagedHttpClientConnection> {

	private final ConnectionPool pool;

	BookControl(ConnectionPool pool) {
		this.pool = pool;
	}

	@Override
	public Future<PoolEntry<HttpRoute, ManagedHttpClientConnection>> lease(HttpRoute route, @Nullable Object state,
			@Nullable Timeout requestTimeout,
			@Nullable FutureCallback<PoolEntry<HttpRoute, ManagedHttpClientConnection>> callback) {
		throw new UnsupportedOperationException("Connections are leased from the connection manager");
	}

	@Override
	public void release(PoolEntry<HttpRoute, ManagedHttpClientConnection> entry, boolean reusable) {
		throw new UnsupportedOperationException("Connections are released to the connection manager");
	}

	@Override
	public PoolStats getTotalStats() {
		return stats(this.pool.tally().both(), this.pool.pending(), this.pool.limits().maxTotal());
	}

	@Override
	public PoolStats getStats(HttpRoute httpRoute) {
		Route route = this.pool.routes().find(httpRoute);
		return (route != null) ? stats(route.tally.both(), route.pending.get(), this.pool.limits().maxPerRoute(route))
				: stats(0, 0, getMaxPerRoute(httpRoute));
	}

	private static PoolStats stats(long both, int pending, int max) {
		return new PoolStats(ConnectionCounts.leased(both), pending, ConnectionCounts.idle(both), max);
	}

	@Override
	public Set<HttpRoute> getRoutes() {
		return this.pool.routes().all().stream().map((route) -> route.httpRoute).collect(Collectors.toSet());
	}

	@Override
	public void setMaxTotal(int max) {
		this.pool.resize(max, this.pool.limits().maxPerRoute());
	}

	@Override
	public int getMaxTotal() {
		return this.pool.limits().maxTotal();
	}

	@Override
	public void setDefaultMaxPerRoute(int max) {
		this.pool.resize(this.pool.limits().maxTotal(), max);
	}

	@Override
	public int getDefaultMaxPerRoute() {
		return this.pool.limits().maxPerRoute();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Not supported: {@code http-pool.routes} has the limits of single routes.
	 */
	@Override
	public void setMaxPerRoute(HttpRoute route, int max) {
		throw new UnsupportedOperationException("Set http-pool.routes.*.max-connections instead");
	}

	@Override
	public int getMaxPerRoute(HttpRoute httpRoute) {
		return this.pool.limits().maxPerRoute(httpRoute.getTargetHost());
	}

	@Override
	public void closeIdle(TimeValue idleTime) {
		this.pool.closeIdle(idleTime.toNanoseconds(), CloseReason.EVICTED);
	}

	@Override
	public void closeExpired() {
		this.pool.closeExpired();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Does nothing: only the owner closes the pool.
	 */
	@Override
	public void close(CloseMode closeMode) {
	}

	@Override
	public void close() {
	}

}
