package io.github.httppool.hc5.pool;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a connection can be used: before a lease, between two exchanges of a
 * lease, and periodically while it is idle. Closes the connection if it cannot be used.
 */
public final class ConnectionCheck {

	private final PooledConnection connection;

	private final PoolContext pool;

	private final ConnectionLifetime lifetime;

	ConnectionCheck(PooledConnection connection, PoolContext pool, ConnectionLifetime lifetime) {
		this.connection = connection;
		this.pool = pool;
		this.lifetime = lifetime;
	}

	/**
	 * Check a claimed connection before its lease, thoroughly if it was idle for longer
	 * than {@code validate-after-inactivity}. Reads nothing that belongs to a response.
	 * @return {@code false} if the connection cannot be used and was closed
	 */
	boolean isFitForLease() {
		CloseReason reason = CloseReason.ERROR;
		long now = System.nanoTime();
		try {
			reason = this.connection.isClosed() ? CloseReason.ERROR
					: check(now, this.pool.settings().validateAfterInactivity().toNanos());
			if (reason == null) {
				this.connection.activate(this.pool.inForce().connectionConfig);
			}
		}
		catch (Throwable ex) {
			// The caller gets another connection.
			reason = CloseReason.ERROR;
		}
		if (reason == null) {
			return true;
		}
		if (reason == CloseReason.STALE) {
			this.connection.leasedRoute().traffic.staleLeased.increment();
			recordServerClose(now);
		}
		this.connection.close(reason, CloseMode.GRACEFUL);
		return false;
	}

	/**
	 * Check the connection between two exchanges of one lease.
	 * @return {@code false} if the connection cannot be used and was closed
	 */
	boolean isFitForFurtherExchange() {
		return closeUnlessFit(
				this.connection.hasSurplus() ? CloseReason.UNSOLICITED_DATA : checkSocket(System.nanoTime(), 0));
	}

	/**
	 * Check the connection after it was opened ahead of demand.
	 * @return {@code false} if the connection cannot be used and was closed
	 */
	public boolean isFitAfterOpening() {
		return closeUnlessFit(this.connection.checkOpenedSocket());
	}

	private boolean closeUnlessFit(@Nullable CloseReason reason) {
		if (reason != null) {
			this.connection.close(reason, CloseMode.IMMEDIATE);
		}
		return reason == null;
	}

	/**
	 * Check the connection if it is idle and a check is due.
	 * @param now the time
	 * @param probeAfterNanos the time after the last check or lease at which to check the
	 * socket again
	 * @return the nanoseconds until the next check, or {@link Long#MAX_VALUE} if the
	 * connection is not idle
	 */
	public long checkIdle(long now, long probeAfterNanos) {
		if (!this.connection.isIdle()) {
			return Long.MAX_VALUE;
		}
		long untilProbe = this.lifetime.untilProbe(now, probeAfterNanos);
		if (this.lifetime.expiry(now) == null && untilProbe > 0) {
			return Math.min(untilProbe, this.lifetime.untilExpiry(now));
		}
		this.connection.book().checkBegins();
		try {
			return this.connection.tryProbe() ? probe(now, probeAfterNanos) : Long.MAX_VALUE;
		}
		finally {
			this.connection.book().checkEnded();
		}
	}

	private long probe(long now, long probeAfterNanos) {
		CloseReason reason = CloseReason.ERROR;
		try {
			reason = check(now, 0);
			this.lifetime.probed(now);
		}
		finally {
			if (reason == CloseReason.STALE) {
				recordServerClose(now);
			}
			if (reason != null) {
				this.connection.close(reason, CloseMode.GRACEFUL);
			}
			else {
				this.connection.endProbe();
			}
		}
		return (reason != null) ? Long.MAX_VALUE : untilNextCheck(now, probeAfterNanos);
	}

	/**
	 * Schedule the next check of a connection that has become idle.
	 */
	void schedule(long now) {
		// The settings may have changed since the idle time was set.
		this.lifetime.limitIdleTime(this.pool.inForce().idleNanos);
		this.pool.housekeeper().wakeAt(now + untilNextCheck(now, ConnectionLifetime.CHECK_INTERVAL_NANOS));
	}

	private long untilNextCheck(long now, long probeAfterNanos) {
		return Math.min(probeAfterNanos, this.lifetime.untilExpiry(now));
	}

	/**
	 * Close a leased connection if a read or a write is overdue.
	 * @return the nanoseconds until the next check, or {@link Long#MAX_VALUE} if no
	 * thread reads or writes
	 */
	long closeIfSilent(long now) {
		long left = this.connection.streams.claimOverdue(now);
		if (left == 0) {
			this.connection.close(CloseReason.ERROR, CloseMode.IMMEDIATE);
			return Long.MAX_VALUE;
		}
		return left;
	}

	/**
	 * Return the reason for closing an idle connection if the caller gives none. The
	 * connection makes room for another one, unless the pool is stopping or the
	 * connection has expired. Counts connections that make room.
	 */
	CloseReason evictionReason() {
		if (this.pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		CloseReason expiry = this.lifetime.expiry(System.nanoTime());
		if (expiry != null) {
			return expiry;
		}
		if (!this.connection.isEvicted()) {
			this.connection.leasedRoute().traffic.madeRoom.increment();
		}
		return CloseReason.EVICTED;
	}

	private @Nullable CloseReason check(long now, long validateAfterNanos) {
		if (this.connection.isEvicted()) {
			return CloseReason.EVICTED;
		}
		CloseReason expiry = this.lifetime.expiry(now);
		return (expiry != null) ? expiry : checkSocket(now, validateAfterNanos);
	}

	private @Nullable CloseReason checkSocket(long now, long validateAfterNanos) {
		return this.connection.checkSocket(now - this.lifetime.idleSince() > validateAfterNanos);
	}

	private void recordServerClose(long now) {
		this.connection.leasedRoute().traffic.serverClosedIdle(now - this.lifetime.idleSince());
	}

}
