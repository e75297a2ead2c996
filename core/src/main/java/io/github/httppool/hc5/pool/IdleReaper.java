package io.github.httppool.hc5.pool;

import java.util.function.LongUnaryOperator;

/**
 * Periodically closes idle connections that cannot be used any more, closes connections
 * whose reads or writes are overdue, ends leases whose responses were abandoned, and
 * removes unused routes. Runs on the housekeeper.
 */
public final class IdleReaper implements LongUnaryOperator {

	private final PooledConnections connections;

	private final Routes routes;

	IdleReaper(PooledConnections connections, Routes routes) {
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
		for (PooledConnection connection : this.connections.all()) {
			Lease lease = connection.leaseOrNull();
			if (lease != null) {
				lease.endIfAbandoned(now);
				next = Math.min(next, connection.check().closeIfSilent(now));
			}
			next = Math.min(next, connection.check().checkIdle(now, ConnectionLifetime.CHECK_INTERVAL_NANOS));
		}
		if (!this.connections.all().isEmpty()) {
			next = Math.min(next, ConnectionLifetime.CHECK_INTERVAL_NANOS);
		}
		this.routes.forgetUnused(now);
		return next;
	}

}
