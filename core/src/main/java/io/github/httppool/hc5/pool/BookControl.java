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
import org.apache.hc.core5.util.Args;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Implements HttpClient's statistics and controls of a pool with its
 * {@link ConnectionBook}. Only {@link PooledConnectionManager} leases connections.
 */
final class BookControl implements ManagedConnPool<HttpRoute, ManagedHttpClientConnection> {

	private final PoolContext pool;

	private final Routes routes;

	private final PoolLimits limits;

	private final PooledConnections connections;

	private final PoolChanges changes;

	BookControl(PoolContext pool, Routes routes, PoolLimits limits, PooledConnections connections,
			PoolChanges changes) {
		this.pool = pool;
		this.routes = routes;
		this.limits = limits;
		this.connections = connections;
		this.changes = changes;
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
		return stats(this.pool.tally().both(), this.pool.pending(), this.limits.maxTotal());
	}

	@Override
	public PoolStats getStats(HttpRoute httpRoute) {
		Route route = this.routes.find(httpRoute);
		return (route != null) ? stats(route.tally.both(), route.pending.get(), this.limits.maxPerRoute(route))
				: stats(0, 0, getMaxPerRoute(httpRoute));
	}

	private static PoolStats stats(long both, int pending, int max) {
		return new PoolStats(ConnectionCounts.leased(both), pending, ConnectionCounts.idle(both), max);
	}

	@Override
	public Set<HttpRoute> getRoutes() {
		return this.routes.all().stream().map((route) -> route.httpRoute).collect(Collectors.toSet());
	}

	@Override
	public void setMaxTotal(int max) {
		this.changes.resize(Args.positive(max, "Max value"), this.limits.maxPerRoute());
	}

	@Override
	public int getMaxTotal() {
		return this.limits.maxTotal();
	}

	@Override
	public void setDefaultMaxPerRoute(int max) {
		this.changes.resize(this.limits.maxTotal(), Args.positive(max, "Max value"));
	}

	@Override
	public int getDefaultMaxPerRoute() {
		return this.limits.maxPerRoute();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Not supported, because the property {@code http-pool.routes} sets the limits of
	 * individual routes.
	 */
	@Override
	public void setMaxPerRoute(HttpRoute route, int max) {
		throw new UnsupportedOperationException("Set http-pool.routes.*.max-connections instead");
	}

	@Override
	public int getMaxPerRoute(HttpRoute httpRoute) {
		return this.limits.maxPerRoute(httpRoute.getTargetHost());
	}

	@Override
	public void closeIdle(TimeValue idleTime) {
		this.connections.closeIdle(idleTime.toNanoseconds(), CloseReason.EVICTED);
	}

	@Override
	public void closeExpired() {
		this.pool.housekeeper().wakeAt(System.nanoTime());
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
