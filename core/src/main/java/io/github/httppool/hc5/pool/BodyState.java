package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

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
 * Where the reading of one response body has got to. Keeps apart the thread that reads
 * and one that closes: what both would read at once could end in the middle of a message.
 * <p>
 * Refers to the body so weakly that the lease, which knows this, does not keep alive what
 * its caller has lost.
 */
public final class BodyState extends WeakReference<InputStream> implements BodyEvents {

	private static final int OPEN = 0;

	private static final int READING = 1;

	private static final int ENDED = 2;

	private static final int CLOSED = 3;

	private static final AtomicIntegerFieldUpdater<BodyState> STATE = AtomicIntegerFieldUpdater
		.newUpdater(BodyState.class, "state");

	private final Lease lease;

	private final PooledConnection connection;

	private final ConnectionPool pool;

	/** What was read, without what was drained. */
	private long bytes;

	private boolean endNotified;

	private volatile int state;

	private BodyState(InputStream body, Lease lease, PooledConnection connection, ConnectionPool pool, int state) {
		super(body);
		this.lease = lease;
		this.connection = connection;
		this.pool = pool;
		this.state = state;
	}

	static BodyState of(InputStream body, Lease lease, PooledConnection connection, ConnectionPool pool) {
		return new BodyState(body, lease, connection, pool, OPEN);
	}

	static BodyState ofEmpty(InputStream body, Lease lease, PooledConnection connection, ConnectionPool pool) {
		return new BodyState(body, lease, connection, pool, ENDED);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * This is the observation of the call, if it has one. Requested by the thread that
	 * makes the call.
	 */
	@Override
	public @Nullable Object attachment() {
		return this.pool.listeners().calls().current();
	}

	@Override
	public boolean readStarts() throws IOException {
		if (STATE.compareAndSet(this, OPEN, READING)) {
			this.lease.readBegins();
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
			if (STATE.compareAndSet(this, READING, ENDED)) {
				this.lease.exchange.bodyEnded();
			}
			// Or another thread is about to close the connection, maybe later than this
			// one gives it back: it must not be another call's by then.
		}
		else {
			STATE.compareAndSet(this, READING, OPEN);
		}
		this.lease.readEnded();
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
		int before = STATE.getAndSet(this, CLOSED);
		if (before == CLOSED || before == ENDED) {
			return;
		}
		if (before == READING) {
			// Closed by another thread than the one that reads: an abort, not a drain.
			this.connection.closeBecause(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
		}
		else if (this.lease.exchange.hasFailed() || !this.connection.isOpen()) {
			this.connection.close(CloseMode.IMMEDIATE);
		}
		else if (unread == null || !this.lease.exchange.isServerKeeping() || !this.pool.settings().keepAlive()) {
			this.connection.closeBecause(CloseReason.SERVER_CLOSE, CloseMode.IMMEDIATE);
		}
		else {
			drain(unread);
		}
	}

	/**
	 * Return whether nobody can read the body any more or close it, and nobody has. One
	 * that is read at this moment is not lost, though its thread may need it for the last
	 * time.
	 */
	boolean isLost() {
		// In this order: once it is unreachable, nobody begins to close it.
		return refersTo(null) && isUnattended();
	}

	/**
	 * Return whether nobody reads the body at this moment, and nobody has closed it.
	 */
	boolean isUnattended() {
		int state = this.state;
		return state == OPEN || state == ENDED;
	}

	private void drain(DrainableBody unread) {
		this.lease.readBegins();
		try {
			drainAndNotify(unread);
		}
		finally {
			this.lease.readEnded();
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
			case TOO_LARGE -> this.connection.closeBecause(CloseReason.DRAIN_BYTES, CloseMode.IMMEDIATE);
			case TOO_SLOW -> this.connection.closeBecause(CloseReason.DRAIN_TIME, CloseMode.IMMEDIATE);
			case FAILED -> this.connection.closeBecause(
					Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR,
					CloseMode.IMMEDIATE);
		}
		this.pool.reporter().drained(this.lease, outcome);
		this.pool.listeners().calls().drained(this.lease, unread.attachment(), outcome, this.pool.settings());
		if (this.pool.listeners().present()) {
			this.pool.listeners().drained(this.lease, outcome, drain.bytes(), System.nanoTime() - started);
		}
	}

}
