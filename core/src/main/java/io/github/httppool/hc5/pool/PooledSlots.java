package io.github.httppool.hc5.pool;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.io.CloseMode;

/**
 * The use of the slots of a pool.
 */
final class PooledSlots extends SlotUse<PooledConnection> {

	private final ConnectionPool pool;

	PooledSlots(ConnectionPool pool) {
		super(pool.book());
		this.pool = pool;
	}

	@Override
	protected boolean isFit(PooledConnection connection) {
		return connection.isFitForLease();
	}

	@Override
	protected PooledConnection create(RouteSlots<PooledConnection> route) {
		return this.pool.newConnection();
	}

	@Override
	protected void close(PooledConnection connection, CloseReason reason) {
		if (reason == CloseReason.EVICTED) {
			connection.closeToMakeRoom();
		}
		else {
			connection.closeBecause(reason, CloseMode.GRACEFUL);
		}
	}

	@Override
	protected int maxIdle(RouteSlots<PooledConnection> route) {
		return this.pool.limits().maxIdle(this.pool.book().max(route));
	}

}
