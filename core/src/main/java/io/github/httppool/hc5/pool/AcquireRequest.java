package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.observe.JfrEvents;
import io.github.httppool.hc5.observe.LeaseExplanation;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request for a connection. It returns a connection immediately, waits for one
 * within the limits of the pool, or fails with an explanation.
 */
public final class AcquireRequest implements LeaseRequest, CallDeadline.Wait {

	/** Limits the wait, so that the time at which it ends cannot overflow. */
	private static final long MAX_WAIT_NANOS = TimeUnit.DAYS.toNanos(36_500);

	private final PoolContext pool;

	private final PooledSlots slots;

	private final Lease lease;

	private final Timeout timeout;

	private final long started;

	private volatile @Nullable PendingAcquire<PooledConnection> pending;

	private volatile boolean cancelled;

	private boolean waited;

	/**
	 * Create a request.
	 * @param started the time, as {@link System#nanoTime()}
	 */
	public AcquireRequest(PoolContext pool, PooledSlots slots, Lease lease, Timeout timeout, long started) {
		this.pool = pool;
		this.slots = slots;
		this.lease = lease;
		this.timeout = timeout;
		this.started = started;
	}

	Lease lease() {
		return this.lease;
	}

	/**
	 * {@inheritDoc}
	 * @param ignored the time limit, which HttpClient has already passed to
	 * {@link PooledConnectionManager#lease}
	 */
	@Override
	public ConnectionEndpoint get(Timeout ignored) throws InterruptedException, ExecutionException {
		Listeners listeners = this.pool.listeners();
		boolean notify = listeners.present();
		if (notify) {
			listeners.acquireStarted(this.lease);
		}
		AcquireOutcome outcome = AcquireOutcome.FAILED;
		long idleNanos = -1;
		try {
			PooledConnection connection = acquire();
			long now = System.nanoTime();
			hold(connection, now);
			boolean reused = this.lease.isReused();
			idleNanos = reused ? now - connection.idleSince() : -1;
			outcome = reused ? AcquireOutcome.REUSED : AcquireOutcome.OPENED;
			return this.lease;
		}
		catch (PoolRefusal ex) {
			outcome = ex.outcome;
			throw new ExecutionException(ex.exception);
		}
		finally {
			this.pool.reporter().acquired(this.lease, outcome);
			if (notify) {
				listeners.acquireEnded(this.lease, outcome, System.nanoTime() - this.started, idleNanos);
			}
			if (this.waited) {
				listeners.calls().waited(this.lease, outcome, System.nanoTime() - this.started);
			}
		}
	}

	private void hold(PooledConnection connection, long now) {
		boolean held = false;
		try {
			this.lease.hold(connection, now);
			held = true;
		}
		finally {
			if (!held) {
				this.lease.endUnseen();
			}
		}
	}

	private PooledConnection acquire() throws InterruptedException, PoolRefusal {
		if (this.pool.isClosed() || (this.pool.isStopping() && !this.lease.isFollowUp())) {
			throw shutDown();
		}
		CallDeadline deadline = this.lease.deadline();
		try {
			if (deadline != null) {
				deadline.acquires(this, this.lease.route);
			}
		}
		catch (CallTimeoutException ex) {
			throw new PoolRefusal(AcquireOutcome.FAILED, ex);
		}
		if (Thread.currentThread().isInterrupted()) {
			throw interrupted();
		}
		RouteSlots<PooledConnection> route = this.lease.route.slots;
		Object userToken = this.lease.userToken();
		PooledConnection idle = this.slots.connections.book.tryLeaseIdle(route, userToken);
		return (idle != null) ? this.slots.lease(route, userToken, idle) : acquireSlot();
	}

	private PooledConnection acquireSlot() throws InterruptedException, PoolRefusal {
		while (true) {
			PendingAcquire<PooledConnection> acquire = new PendingAcquire<>(this.lease.route.slots,
					this.lease.userToken());
			int maxPending = this.pool.isStopping() ? 0 : this.pool.settings().maxPending();
			switch (this.slots.connections.book.enter(acquire, maxPending)) {
				case GRANTED -> {
					return this.slots.lease(acquire);
				}
				case PENDING -> {
					return acquireLater(acquire, maxPending);
				}
				case REJECTED -> {
					return acquireLater(null, maxPending);
				}
				case CHECK_RUNNING -> Thread.yield();
				case ROUTE_RETIRED -> this.lease.moveTo(this.slots.routes.renew(this.lease.route));
				case CLOSED -> throw shutDown();
			}
		}
	}

	/**
	 * Wait for a connection, or explain why that is not possible.
	 * @param acquire the entry in the queue, or {@code null} if it was rejected
	 */
	private PooledConnection acquireLater(@Nullable PendingAcquire<PooledConnection> acquire, int maxPending)
			throws InterruptedException, PoolRefusal {
		Object recorded = JfrEvents.acquireStarted();
		AcquireOutcome outcome = AcquireOutcome.FAILED;
		PooledConnection connection = null;
		try {
			if (acquire == null) {
				throw this.pool.isStopping() ? shutDown() : new PoolRefusal(AcquireOutcome.REJECTED,
						LeaseExplanation.rejected(this.pool, this.lease.route, maxPending));
			}
			connection = awaitConnection(acquire);
			outcome = connection.isOpened() ? AcquireOutcome.REUSED : AcquireOutcome.OPENED;
			return connection;
		}
		catch (PoolRefusal ex) {
			outcome = ex.outcome;
			throw ex;
		}
		finally {
			JfrEvents.acquireEnded(recorded, this.lease, outcome, connection);
		}
	}

	private PooledConnection awaitConnection(PendingAcquire<PooledConnection> acquire)
			throws InterruptedException, PoolRefusal {
		Route route = this.lease.route;
		this.waited = true;
		boolean served = false;
		try {
			awaitGrant(acquire);
			PooledConnection connection = this.slots.lease(acquire);
			served = true;
			return connection;
		}
		finally {
			route.traffic.waited.add(System.nanoTime() - this.started, !served);
		}
	}

	/**
	 * Wait in the queue. If the wait fails, leave the queue, and give back a slot that
	 * was granted in the meantime.
	 */
	private void awaitGrant(PendingAcquire<PooledConnection> acquire) throws InterruptedException, PoolRefusal {
		ScheduledTimeout acquireTimeout = new AcquireTimeout(acquire, this.started,
				Math.min(this.timeout.toNanoseconds(), MAX_WAIT_NANOS));
		boolean inQueue = true;
		try {
			this.lease.route.traffic.pending.raise(acquire.route.pending.get());
			this.pending = acquire;
			this.pool.housekeeper().schedule(acquireTimeout);
			if (this.cancelled) {
				acquire.stop(PendingAcquire.StopReason.CANCELLED);
			}
			else if (this.pool.isStopping()) {
				acquire.stop(PendingAcquire.StopReason.SHUT_DOWN);
			}
			acquire.await();
			PendingAcquire.StopReason stopped = acquire.stopped();
			if (stopped == null) {
				inQueue = false;
				return;
			}
			// Explain before leaving the queue, so that the
			// explanation counts this caller.
			PoolRefusal refusal = refused(stopped);
			if (this.slots.connections.book.leave(acquire)) {
				inQueue = false;
				throw refusal;
			}
			if (stopped != PendingAcquire.StopReason.TIMED_OUT) {
				throw refusal;
			}
			// A slot was granted while the refusal was being explained.
			inQueue = false;
		}
		finally {
			this.pending = null;
			this.pool.housekeeper().cancel(acquireTimeout);
			if (inQueue && !this.slots.connections.book.leave(acquire)) {
				this.slots.giveBack(acquire);
			}
		}
	}

	private PoolRefusal refused(PendingAcquire.StopReason reason) {
		if (reason == PendingAcquire.StopReason.SHUT_DOWN || this.pool.isClosed()) {
			return shutDown();
		}
		if (reason == PendingAcquire.StopReason.TIMED_OUT) {
			return new PoolRefusal(AcquireOutcome.TIMEOUT,
					LeaseExplanation.timedOut(this.pool, this.lease.route, this.timeout.toDuration()));
		}
		// HttpClient's pool throws the same exception. An InterruptedException would set
		// the interrupt flag of a thread that was not interrupted.
		throw new CancellationException("The wait for a connection was cancelled");
	}

	private PoolRefusal shutDown() {
		return new PoolRefusal(AcquireOutcome.FAILED, ShutdownExplanation.shutDown(this.pool, this.lease.route));
	}

	private PoolRefusal interrupted() {
		if (this.pool.isClosed()) {
			return shutDown();
		}
		// HttpClient's pool also fails if the thread is already interrupted.
		throw new CancellationException("The thread was interrupted before it had a connection");
	}

	/**
	 * Return the exception with which a call failed. HttpClient wraps the exception of a
	 * failed connection request in its own.
	 */
	public static IOException failure(IOException thrown) {
		return (thrown instanceof RequestFailedException && thrown.getCause() instanceof IOException refusal) ? refusal
				: thrown;
	}

	@Override
	public boolean isWaiting() {
		return this.pending != null;
	}

	@Override
	public boolean cancel() {
		this.cancelled = true;
		PendingAcquire<PooledConnection> pending = this.pending;
		return pending == null || pending.stop(PendingAcquire.StopReason.CANCELLED);
	}

	/**
	 * Ends the wait. The housekeeper excludes pauses of the process from the time limit.
	 */
	private static final class AcquireTimeout extends ScheduledTimeout {

		private final transient PendingAcquire<PooledConnection> acquire;

		AcquireTimeout(PendingAcquire<PooledConnection> acquire, long began, long limit) {
			super(began, limit);
			this.acquire = acquire;
		}

		@Override
		protected void expired() {
			this.acquire.stop(PendingAcquire.StopReason.TIMED_OUT);
		}

	}

	/**
	 * Carries the exception for the caller and the outcome.
	 */
	private static final class PoolRefusal extends Exception {

		private final AcquireOutcome outcome;

		private final transient IOException exception;

		PoolRefusal(AcquireOutcome outcome, IOException exception) {
			super(null, exception, false, false);
			this.outcome = outcome;
			this.exception = exception;
		}

	}

}
