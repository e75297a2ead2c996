package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.hc5.http1.BodyEvents;
import io.github.httppool.hc5.http1.DrainableBody;
import io.github.httppool.hc5.observe.Explanation;
import io.github.httppool.hc5.observe.ResponseExplanation;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The state of a response body. Prevents one thread from reading the body while another
 * drains it, because the next response could then start in the middle of a message.
 *
 * <pre>
 *             read starts              end of the body
 *      OPEN ---------------&gt; READING ------------------&gt; ENDED
 *       |   &lt;---------------    |                          |
 *       |     read ends         |                          |
 *       |                       | closed by another        | closed
 *       | closed, drains        | thread, aborts           |
 *       +-----------------------+----&gt; CLOSED &lt;------------+
 * </pre>
 *
 * The reference to the body is weak. Otherwise, the lease would keep a response reachable
 * after its caller has abandoned it.
 */
public final class BodyState extends WeakReference<InputStream> implements BodyEvents {

	private static final AtomicReferenceFieldUpdater<BodyState, State> STATE = AtomicReferenceFieldUpdater
		.newUpdater(BodyState.class, State.class, "state");

	private final Lease lease;

	private final PooledConnection connection;

	private final PoolContext pool;

	/** The number of bytes that the caller has read. */
	private long bytes;

	private boolean endNotified;

	private volatile State state;

	private BodyState(InputStream body, Lease lease, PooledConnection connection, PoolContext pool, State state) {
		super(body);
		this.lease = lease;
		this.connection = connection;
		this.pool = pool;
		this.state = state;
	}

	static BodyState of(InputStream body, Lease lease, PooledConnection connection, PoolContext pool) {
		return new BodyState(body, lease, connection, pool, State.OPEN);
	}

	static BodyState ofEmpty(InputStream body, Lease lease, PooledConnection connection, PoolContext pool) {
		return new BodyState(body, lease, connection, pool, State.ENDED);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The observation of the call, if there is one. Called by the thread that makes the
	 * call.
	 */
	@Override
	public @Nullable Object attachment() {
		return this.pool.listeners().calls().current();
	}

	@Override
	public boolean readStarts() throws IOException {
		if (STATE.compareAndSet(this, State.OPEN, State.READING)) {
			this.lease.call.readBegins();
			return true;
		}
		return switch (this.state) {
			case ENDED -> false;
			case READING -> throw new IOException("The body of %s from %s is being read by another thread (pool '%s')"
				.formatted(Explanation.call(this.lease), this.lease.route(), this.pool.name()));
			default -> throw new StreamClosedException();
		};
	}

	@Override
	public void readEnds(int read, boolean complete) {
		if (read == FAILED) {
			this.lease.exchange.markNotReusable();
		}
		else {
			this.bytes += Math.max(read, 0);
			if (complete) {
				notifyEnded(this.bytes);
			}
		}
		if (complete && !this.lease.exchange.hasFailed()) {
			if (STATE.compareAndSet(this, State.READING, State.ENDED)) {
				this.lease.exchange.bodyEnded();
			}
			// Otherwise another thread is about to close the connection. The exchange
			// must not count as complete, or the connection could serve another call by
			// then.
		}
		else {
			STATE.compareAndSet(this, State.READING, State.OPEN);
		}
		this.lease.call.readEnded();
	}

	@Override
	public void misframed() {
		this.lease.exchange.markNotReusable();
	}

	@Override
	public IOException readFailed(IOException ex) {
		IOException explained = this.lease.exchange.failed(ex);
		IOException seen = (explained == ex) ? ResponseExplanation.broken(this.pool, this.lease.route(), ex)
				: explained;
		this.lease.exchange.notifyFailed(seen);
		return seen;
	}

	@Override
	public void readFailed(Throwable ex) {
		this.lease.exchange.notifyFailed(ex);
	}

	private void notifyEnded(long bytes) {
		if (!this.endNotified) {
			this.endNotified = true;
			this.lease.exchange.notifyBodyEnded(bytes);
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Returns within the limits of the drain.
	 */
	@Override
	public void close(@Nullable DrainableBody unread) {
		State before = STATE.getAndSet(this, State.CLOSED);
		if (before == State.CLOSED || before == State.ENDED) {
			return;
		}
		if (before == State.READING) {
			// Another thread is reading the body, so abort instead of draining.
			this.connection.close(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
		}
		else if (this.lease.exchange.hasFailed() || !this.connection.isOpen()) {
			this.connection.close(CloseMode.IMMEDIATE);
		}
		else if (unread == null || !this.lease.exchange.isServerKeeping() || !this.pool.settings().keepAlive()) {
			this.connection.close(CloseReason.SERVER_CLOSE, CloseMode.IMMEDIATE);
		}
		else {
			drain(unread);
		}
	}

	/**
	 * Return whether the body became unreachable without being closed. While a thread
	 * reads the body, it does not count as abandoned.
	 */
	boolean isAbandoned() {
		// Check reachability first: no thread can start to close an unreachable body.
		return refersTo(null) && isUnattended();
	}

	/**
	 * Return whether no thread reads the body at the moment, and none has closed it.
	 */
	boolean isUnattended() {
		State state = this.state;
		return state == State.OPEN || state == State.ENDED;
	}

	private void drain(DrainableBody unread) {
		this.lease.call.readBegins();
		try {
			drainAndNotify(unread);
		}
		finally {
			this.lease.call.readEnded();
		}
	}

	private void drainAndNotify(DrainableBody unread) {
		long started = System.nanoTime();
		Drain drain = new Drain(unread, this.connection, this.pool);
		DrainOutcome outcome = drain.run(started);
		switch (outcome) {
			case REUSED -> {
				this.lease.exchange.bodyEnded();
				notifyEnded(this.bytes + drain.bytes());
			}
			case TOO_LARGE -> this.connection.close(CloseReason.DRAIN_BYTES, CloseMode.IMMEDIATE);
			case TOO_SLOW -> this.connection.close(CloseReason.DRAIN_TIME, CloseMode.IMMEDIATE);
			case FAILED -> this.connection.close(
					Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR,
					CloseMode.IMMEDIATE);
		}
		this.pool.reporter().drained(this.lease, outcome);
		this.pool.listeners().calls().drained(this.lease, unread.attachment(), outcome, this.pool.settings());
		if (this.pool.listeners().present()) {
			this.pool.listeners().drained(this.lease, outcome, drain.bytes(), System.nanoTime() - started);
		}
	}

	/**
	 * The state of a body.
	 */
	private enum State {

		/** No thread reads the body, and its end has not been reached. */
		OPEN,

		/** A thread reads the body. */
		READING,

		/** The body was read to its end. */
		ENDED,

		/** The body was closed. */
		CLOSED

	}

}
