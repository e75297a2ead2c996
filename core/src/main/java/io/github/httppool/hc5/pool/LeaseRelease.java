package io.github.httppool.hc5.pool;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Releases the connection of a lease to its pool. Decides whether the connection can be
 * reused, and makes it idle, hands it over to a waiting caller, or closes it.
 */
final class LeaseRelease {

	private LeaseRelease() {
	}

	/**
	 * Release a connection.
	 * @param lease the lease, which has just ended
	 * @param connection its connection
	 * @param now the time, as {@link System#nanoTime()}
	 * @param idleNanos how long the connection may be idle
	 */
	static void giveBack(Lease lease, PooledConnection connection, long now, long idleNanos) {
		CloseReason reason = CloseReason.ERROR;
		try {
			reason = connection.isOpen() ? closeReason(lease, connection, now, idleNanos)
					: reasonOfEarlierClose(lease, connection);
		}
		finally {
			giveBack(reason, lease, connection, now, idleNanos);
		}
		if (reason == null) {
			checkAgain(connection, now);
		}
	}

	private static CloseReason reasonOfEarlierClose(Lease lease, PooledConnection connection) {
		CloseReason reason = connection.closeReason();
		return (reason != null) ? reason : lease.exchange.whyGivenUp();
	}

	/**
	 * Return why the connection cannot be reused, or reserve an idle slot for it and
	 * return {@code null}.
	 */
	private static @Nullable CloseReason closeReason(Lease lease, PooledConnection connection, long now,
			long idleNanos) {
		Exchange exchange = lease.exchange;
		CloseReason failure = exchange.failure();
		if (failure != null) {
			return failure;
		}
		if (!connection.isConsistent()) {
			return CloseReason.ERROR;
		}
		if (!exchange.isBodyComplete()) {
			return CloseReason.CANCELLED;
		}
		if (connection.hasSurplus()) {
			return CloseReason.UNSOLICITED_DATA;
		}
		if (idleNanos <= 0 || !exchange.isServerKeeping()) {
			return CloseReason.SERVER_CLOSE;
		}
		PoolContext pool = lease.pool;
		if (pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		Route route = lease.route;
		boolean personal = connection.isAuthenticated() && lease.userToken() == null;
		if (personal) {
			route.traffic.loggedIn.increment();
		}
		if (personal || connection.isEvicted() || pool.limits().isExceeded(route)) {
			return CloseReason.EVICTED;
		}
		if (connection.lifetime.isExpired(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return connection.book().tryReserveIdle(route.slots, pool.limits().maxIdlePerRoute(route)) ? null
				: CloseReason.MAX_IDLE;
	}

	private static void giveBack(@Nullable CloseReason reason, Lease lease, PooledConnection connection, long now,
			long idleNanos) {
		CloseReason closed = reason;
		try {
			if (reason == null) {
				connection.becomeIdle(now, idleNanos);
			}
			else if (handOverOrClose(reason, lease, connection, now, idleNanos)) {
				closed = null;
			}
		}
		finally {
			lease.notifyReleased(closed);
			if (closed != null) {
				connection.endLease();
			}
			lease.call.leaseEnded();
		}
	}

	/**
	 * Hand the connection over to a waiting caller if the only obstacle is the limit of
	 * idle connections. Otherwise, close it.
	 * @return whether it was handed over
	 */
	private static boolean handOverOrClose(CloseReason reason, Lease lease, PooledConnection connection, long now,
			long idleNanos) {
		boolean handedOver = false;
		try {
			handedOver = reason == CloseReason.MAX_IDLE && connection.tryHandOver(now, idleNanos);
		}
		finally {
			if (!handedOver) {
				close(reason, lease, connection);
			}
		}
		return handedOver;
	}

	private static void close(CloseReason reason, Lease lease, PooledConnection connection) {
		try {
			boolean unread = reason == CloseReason.UNSOLICITED_DATA || reason == CloseReason.LEAK;
			connection.close(reason, unread ? CloseMode.IMMEDIATE : CloseMode.GRACEFUL);
		}
		finally {
			connection.book().free(lease.route.slots);
		}
	}

	/**
	 * Close the idle connection if the pool was stopped, evicted or resized after the
	 * decision to keep it, but before it became idle.
	 */
	static void checkAgain(PooledConnection connection, long now) {
		PoolContext pool = connection.pool;
		if (pool.isStopping()) {
			connection.closeIfIdle(CloseReason.SHUTDOWN);
		}
		else if (connection.isEvicted() || pool.limits().isExceeded(connection.leasedRoute())) {
			connection.connections.closeIdle(0, CloseReason.EVICTED);
		}
		else {
			connection.check().schedule(now);
		}
	}

}
