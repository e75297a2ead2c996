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

	private final ConnectionPool pool;

	private final Collection<PooledConnection> connections;

	private final Routes routes;

	/** Until when HttpClient's pool may have entries to drop. */
	private long staleEntriesUntil = System.nanoTime();

	private long droppedAt = System.nanoTime();

	IdleReaper(ConnectionPool pool, Collection<PooledConnection> connections, Routes routes) {
		this.pool = pool;
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
		int before = this.connections.size();
		this.pool.dropClosedIfAny();
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
		boolean closed = before != this.connections.size();
		if (closed) {
			// HttpClient's pool still lists what was closed, until it would have expired.
			this.staleEntriesUntil = now + this.pool.settings().idleTimeout().toNanos() + 2 * PROBE_INTERVAL;
		}
		if (now - this.staleEntriesUntil < 0 || now - this.pool.listedUntil() < 0) {
			// No more often than that: HttpClient's pool measures by the wall clock, and
			// where that jumps takes idle connections for expired.
			if (closed || now - this.droppedAt >= PROBE_INTERVAL) {
				this.droppedAt = now;
				this.pool.dropExpired();
			}
			next = Math.min(next, PROBE_INTERVAL);
		}
		this.routes.forgetUnused(now);
		return next;
	}

}
