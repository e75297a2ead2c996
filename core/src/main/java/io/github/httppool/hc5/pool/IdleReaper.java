package io.github.httppool.hc5.pool;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Periodically closes idle connections that cannot be used any more, closes connections
 * whose reads or writes are overdue, ends leases whose responses were abandoned, and
 * removes unused routes. Runs on the housekeeper.
 */
public final class IdleReaper implements LongUnaryOperator {

	/**
	 * The time between two checks of a connection. Half-closed and abandoned connections
	 * are closed within 5 s.
	 */
	public static final long PROBE_INTERVAL = TimeUnit.SECONDS.toNanos(3);

	private final Collection<PooledConnection> connections;

	private final Routes routes;

	IdleReaper(Collection<PooledConnection> connections, Routes routes) {
		this.connections = connections;
		this.routes = routes;
	}

	/**
	 * Check all connections and routes.
	 * @param now the time
	 * @return the nanoseconds until the next run, or {@link Long#MAX_VALUE}
	 */
	@Override
	public long applyAsLong(long now) {
		long next = Long.MAX_VALUE;
		for (PooledConnection connection : this.connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null) {
				lease.endIfAbandoned(now);
				next = Math.min(next, connection.check().closeIfSilent(now));
			}
			next = Math.min(next, connection.check().checkIdle(now, PROBE_INTERVAL));
		}
		if (!this.connections.isEmpty()) {
			next = Math.min(next, PROBE_INTERVAL);
		}
		this.routes.forgetUnused(now);
		return next;
	}

}
