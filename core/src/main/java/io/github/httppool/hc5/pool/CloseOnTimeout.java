package io.github.httppool.hc5.pool;

import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.ScheduledTimeout;
import org.apache.hc.core5.io.CloseMode;

/**
 * Closes a connection when a step exceeds its time limit. The reset ends blocking
 * operations of the caller's thread and leaves no socket in {@code TIME_WAIT}. A socket
 * timeout is not sufficient, because it restarts with each byte.
 */
final class CloseOnTimeout extends ScheduledTimeout {

	/**
	 * Grace period for handshakes and tunnels, which many threads may complete at the
	 * same time. A thread that waits for a silent peer does not count as late.
	 */
	static final long STEP_GRACE = TimeUnit.SECONDS.toNanos(2);

	private final transient SocketConnection connection;

	private final CloseReason reason;

	private final long graceAfterPause;

	/**
	 * Create a timeout.
	 * @param graceAfterPause the maximum delay of the thread after a pause of the
	 * process, in nanoseconds, provided that the peer was in time
	 */
	CloseOnTimeout(long began, long limit, SocketConnection connection, CloseReason reason, long graceAfterPause) {
		super(began, limit);
		this.graceAfterPause = graceAfterPause;
		this.connection = connection;
		this.reason = reason;
	}

	@Override
	protected void expired() {
		this.connection.close(this.reason, CloseMode.IMMEDIATE);
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
