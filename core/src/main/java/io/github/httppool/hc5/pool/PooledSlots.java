package io.github.httppool.hc5.pool;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.io.CloseMode;

/**
 * Uses the slots of a pool for connections.
 */
final class PooledSlots extends SlotUse<PooledConnection> {

	final PooledConnections connections;

	final Routes routes;

	private final PoolLimits limits;

	PooledSlots(PooledConnections connections, Routes routes, PoolLimits limits) {
		super(connections.book);
		this.connections = connections;
		this.routes = routes;
		this.limits = limits;
	}

	@Override
	void giveBack(PendingAcquire<PooledConnection> granted) {
		super.giveBack(granted);
		PooledConnection connection = granted.entry;
		if (connection != null) {
			LeaseRelease.checkAgain(connection, System.nanoTime());
		}
	}

	@Override
	protected boolean isFit(PooledConnection connection) {
		return connection.check().isFitForLease();
	}

	@Override
	protected PooledConnection create(RouteSlots<PooledConnection> route) {
		return this.connections.create();
	}

	@Override
	protected void close(PooledConnection connection, CloseReason reason) {
		if (reason == CloseReason.EVICTED) {
			connection.closeToMakeRoom();
		}
		else {
			connection.close(reason, CloseMode.GRACEFUL);
		}
	}

	@Override
	protected int maxIdle(RouteSlots<PooledConnection> route) {
		return this.limits.maxIdle(this.connections.book.max(route));
	}

}
