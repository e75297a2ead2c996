package io.github.httppool.hc5.pool;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * Reports the opening and the close of a connection, each once and in this order. Another
 * thread may close the connection while it is being opened.
 */
final class ConnectionReport {

	private final PooledConnection connection;

	private final PoolContext pool;

	private final AtomicReference<State> state = new AtomicReference<>(State.UNOPENED);

	private volatile @Nullable CloseReason closeReason;

	ConnectionReport(PooledConnection connection, PoolContext pool) {
		this.connection = connection;
		this.pool = pool;
	}

	void opened(Lease lease) {
		this.pool.reporter().opened(lease, this.connection);
		if (!this.state.compareAndSet(State.UNOPENED, State.OPENED)) {
			notifyClosed(true);
		}
	}

	/**
	 * Report the close, unless it has already been reported. If the opening has not been
	 * reported, only remove the connection from the pool.
	 * @param held whether the calling thread holds the connection
	 */
	void closed(boolean held) {
		State before = this.state.getAndSet(State.CLOSED);
		if (before == State.OPENED) {
			notifyClosed(held);
		}
		else if (before == State.UNOPENED) {
			this.connection.connections.remove(this.connection);
		}
	}

	private void notifyClosed(boolean held) {
		this.connection.connections.remove(this.connection);
		this.pool.reporter()
			.closed(this.connection, this.connection.leasedRoute(),
					Objects.requireNonNullElse(this.closeReason, CloseReason.ERROR), held);
	}

	/**
	 * Record why the connection is closed. The first reason counts.
	 */
	void closeReason(CloseReason reason) {
		if (this.closeReason == null) {
			this.closeReason = reason;
		}
	}

	@Nullable CloseReason closeReason() {
		return this.closeReason;
	}

	/**
	 * The events of a connection that have been reported.
	 *
	 * <pre>
	 * UNOPENED ---&gt; OPENED ---&gt; CLOSED
	 *     |                        ^
	 *     +------------------------+  closed while it was being opened
	 * </pre>
	 */
	private enum State {

		/** Nothing was reported. */
		UNOPENED,

		/** The opening was reported. */
		OPENED,

		/** The close was reported, or is reported together with the opening. */
		CLOSED

	}

}
