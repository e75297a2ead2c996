package io.github.httppool.hc5.pool;

import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.ScheduledTimeout;
import org.apache.hc.core5.io.CloseMode;

/**
 * Closes a connection on which something takes too long, with a reset, which ends what
 * the caller's thread waits for and leaves no {@code TIME_WAIT} behind. A socket timeout
 * would begin anew with each byte.
 */
final class CloseOnTimeout extends ScheduledTimeout {

	/**
	 * For handshakes and tunnels, which many threads may have to end at once. A thread
	 * that waits for a silent peer is not late.
	 */
	static final long STEP_GRACE = TimeUnit.SECONDS.toNanos(2);

	private final transient PooledConnection connection;

	private final CloseReason reason;

	private final long graceAfterPause;

	/**
	 * Create a watch.
	 * @param graceAfterPause how long the thread may be late while the peer is not, after
	 * a pause of the process, in nanoseconds
	 */
	CloseOnTimeout(long began, long limit, PooledConnection connection, CloseReason reason, long graceAfterPause) {
		super(began, limit);
		this.graceAfterPause = graceAfterPause;
		this.connection = connection;
		this.reason = reason;
	}

	@Override
	protected void expired() {
		this.connection.closeBecause(this.reason, CloseMode.IMMEDIATE);
	}

	@Override
	protected boolean isThreadLate() {
		return !this.connection.streams.isSilent();
	}

	@Override
	protected long graceAfterPause() {
		return this.graceAfterPause;
	}

}
