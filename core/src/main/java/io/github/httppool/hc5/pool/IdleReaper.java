package io.github.httppool.hc5.pool;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * What the housekeeper does every now and then: closes idle connections that are of no
 * more use, ends reads that are overdue, takes back leased connections that their callers
 * have lost, and forgets routes that nobody uses.
 */
public final class IdleReaper implements LongUnaryOperator {

	/**
	 * Connections are looked at so often: half-closed and lost ones are gone within 5 s.
	 */
	public static final long PROBE_INTERVAL = TimeUnit.SECONDS.toNanos(3);

	private final Collection<PooledConnection> connections;

	private final Routes routes;

	IdleReaper(Collection<PooledConnection> connections, Routes routes) {
		this.connections = connections;
		this.routes = routes;
	}

	/**
	 * Sweep.
	 * @param now the time
	 * @return in how many nanoseconds to sweep again, or {@link Long#MAX_VALUE}
	 */
	@Override
	public long applyAsLong(long now) {
		long next = Long.MAX_VALUE;
		for (PooledConnection connection : this.connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null) {
				lease.endIfLost(now);
				next = Math.min(next, connection.closeIfSilent(now));
			}
			next = Math.min(next, connection.inspect(now, PROBE_INTERVAL));
		}
		if (!this.connections.isEmpty()) {
			next = Math.min(next, PROBE_INTERVAL);
		}
		this.routes.forgetUnused(now);
		return next;
	}

}
