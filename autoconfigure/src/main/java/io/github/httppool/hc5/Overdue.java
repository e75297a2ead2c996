package io.github.httppool.hc5;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.io.CloseMode;

/**
 * Closes a connection on which something takes too long, with a reset, which ends what
 * the caller's thread waits for and leaves no {@code TIME_WAIT} behind. A socket timeout
 * would begin anew with each byte.
 */
final class Overdue extends Watch {

	private final transient PooledConnection connection;

	private final CloseReason reason;

	Overdue(long began, long limit, PooledConnection connection, CloseReason reason) {
		super(began, limit);
		this.connection = connection;
		this.reason = reason;
	}

	@Override
	protected void expired() {
		this.connection.closeBecause(this.reason, CloseMode.IMMEDIATE);
	}

	@Override
	protected boolean isInputWaiting() {
		return this.connection.streams.isInputWaiting();
	}

}
