package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
 * A caller's wish for a connection: gets one at once, or waits for one where that is
 * allowed, or explains why there is none.
 */
public final class AcquireRequest implements LeaseRequest {

	/** Longer ones would overflow. */
	private static final long LONGEST_WAIT = TimeUnit.DAYS.toNanos(36_500);

	private final ConnectionPool pool;

	private final Lease lease;

	private final Timeout timeout;

	private final long started;

	private volatile @Nullable LeaseRequest waiting;

	private volatile boolean cancelled;

	private volatile boolean shutDown;

	private volatile boolean overdue;

	private boolean waited;

	/**
	 * Create a wish.
	 * @param started the time
	 */
	public AcquireRequest(ConnectionPool pool, Lease lease, Timeout timeout, long started) {
		this.pool = pool;
		this.lease = lease;
		this.timeout = timeout;
		this.started = started;
	}

	Lease lease() {
		return this.lease;
	}

	/**
	 * {@inheritDoc}
	 * @param ignored HttpClient gives the same time limit when it asks for the request
	 */
	@Override
	public ConnectionEndpoint get(Timeout ignored) throws InterruptedException, ExecutionException, TimeoutException {
		Listeners listeners = this.pool.listeners();
		boolean told = listeners.present();
		if (told) {
			listeners.acquireStarted(this.lease);
		}
		AcquireOutcome outcome = AcquireOutcome.FAILED;
		long idleNanos = -1;
		try {
			ConnectionEndpoint leased = acquire();
			long now = System.nanoTime();
			PooledConnection connection = this.lease.hold(leased, now);
			if (connection == null) {
				throw shutDown();
			}
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
			this.pool.acquired(this.lease, outcome);
			if (told) {
				listeners.acquireEnded(this.lease, outcome, System.nanoTime() - this.started, idleNanos);
			}
			if (this.waited) {
				listeners.calls().waited(this.lease, outcome, System.nanoTime() - this.started);
			}
		}
	}

	private ConnectionEndpoint acquire() throws InterruptedException, PoolRefusal {
		if (this.pool.isClosed() || (this.pool.isStopping() && !this.lease.isFollowUp())) {
			throw shutDown();
		}
		CallDeadline deadline = this.lease.deadline();
		try {
			if (deadline != null) {
				deadline.acquires(this);
			}
			ConnectionEndpoint leased = acquireAtOnce();
			return (leased != null) ? leased : acquireLater();
		}
		catch (CallTimeoutException ex) {
			throw new PoolRefusal(AcquireOutcome.FAILED, ex);
		}
		catch (CancellationException ex) {
			throw cancelled();
		}
		catch (ExecutionException ex) {
			throw refused(ex);
		}
		catch (IllegalStateException ex) {
			if (this.pool.isClosed()) {
				throw shutDown();
			}
			throw ex;
		}
	}

	private @Nullable ConnectionEndpoint acquireAtOnce() throws InterruptedException, ExecutionException {
		if (this.lease.userToken() != null) {
			// Kept connections belong to no caller; HttpClient's pool prefers the
			// caller's own.
			this.pool.passOnKept(this.lease.route);
			return requestAtOnceOrAgain();
		}
		ConnectionEndpoint kept = this.pool.takeKept(this.lease.route);
		return (kept != null) ? kept : requestAtOnceOrAgain();
	}

	private @Nullable ConnectionEndpoint requestAtOnceOrAgain() throws InterruptedException, ExecutionException {
		ConnectionEndpoint leased = requestAtOnce();
		// What is kept for other routes counts for the limit of the pool.
		return (leased == null && this.pool.passOnKept()) ? requestAtOnce() : leased;
	}

	private @Nullable ConnectionEndpoint requestAtOnce() throws InterruptedException, ExecutionException {
		try {
			return endpoint(this.pool.request(this.lease), Timeout.ZERO_MILLISECONDS);
		}
		catch (TimeoutException ex) {
			this.pool.requestGivenUp();
			return null;
		}
	}

	/**
	 * No connection at once: wait, if that is allowed.
	 */
	private ConnectionEndpoint acquireLater() throws InterruptedException, ExecutionException, PoolRefusal {
		Object recorded = JfrEvents.acquireStarted();
		AcquireOutcome outcome = AcquireOutcome.FAILED;
		PooledConnection connection = null;
		try {
			ConnectionEndpoint leased = awaitConnection();
			connection = Lease.connectionOf(leased);
			outcome = (connection != null && connection.isOpened()) ? AcquireOutcome.REUSED : AcquireOutcome.OPENED;
			return leased;
		}
		catch (PoolRefusal ex) {
			outcome = ex.outcome;
			throw ex;
		}
		finally {
			JfrEvents.acquireEnded(recorded, this.lease, outcome, connection);
		}
	}

	private ConnectionEndpoint awaitConnection() throws InterruptedException, ExecutionException, PoolRefusal {
		if (this.pool.isStopping()) {
			throw shutDown();
		}
		if (!this.pool.waiting().enter(this)) {
			throw new PoolRefusal(AcquireOutcome.REJECTED,
					LeaseExplanation.rejected(this.pool, this.lease.route, this.pool.settings().maxPending()));
		}
		this.waited = true;
		long limit = Math.min(this.timeout.toNanoseconds(), LONGEST_WAIT);
		ScheduledTimeout watch = new Patience(this.started, limit);
		boolean served = false;
		try {
			this.pool.housekeeper().watch(watch);
			this.pool.passOnKept();
			LeaseRequest waiting = this.pool.request(this.lease);
			this.waiting = waiting;
			if (this.cancelled || this.pool.isStopping() || this.overdue) {
				this.shutDown = !this.cancelled && !this.overdue;
				waiting.cancel();
			}
			// The housekeeper ends the wait: HttpClient measures it by the wall clock.
			ConnectionEndpoint leased = endpoint(waiting, Timeout.ofMilliseconds(LONGEST_WAIT / 1_000_000));
			served = true;
			return leased;
		}
		catch (TimeoutException ex) {
			this.pool.requestGivenUp();
			throw timedOut();
		}
		catch (CancellationException ex) {
			this.pool.requestGivenUp();
			throw cancelled();
		}
		finally {
			this.waiting = null;
			this.pool.housekeeper().unwatch(watch);
			this.pool.waiting().leave(this);
			this.lease.route.traffic.waited.add(System.nanoTime() - this.started, !served);
		}
	}

	/**
	 * A connection can be assigned at the moment of an interrupt, and HttpClient would
	 * lose it (HTTPCORE-795); or where an {@code Error} passes, which it does not expect.
	 */
	private ConnectionEndpoint endpoint(LeaseRequest request, Timeout timeout)
			throws InterruptedException, ExecutionException, TimeoutException {
		try {
			return request.get(timeout);
		}
		catch (InterruptedException | Error ex) {
			giveBackUnseen(request);
			throw ex;
		}
	}

	private void giveBackUnseen(LeaseRequest request) {
		if (request.cancel()) {
			return;
		}
		long now = System.nanoTime();
		PooledConnection connection;
		try {
			connection = this.lease.hold(request.get(Timeout.ZERO_MILLISECONDS), now);
		}
		catch (InterruptedException | ExecutionException | TimeoutException | CancellationException ex) {
			// There was none.
			return;
		}
		if (connection != null) {
			this.lease.endUnseen(connection.idleLeft(now));
		}
	}

	private PoolRefusal timedOut() {
		return new PoolRefusal(AcquireOutcome.TIMEOUT,
				LeaseExplanation.timedOut(this.pool, this.lease.route, this.timeout.toDuration()));
	}

	private PoolRefusal shutDown() {
		return new PoolRefusal(AcquireOutcome.FAILED, ShutdownExplanation.shutDown(this.pool, this.lease.route));
	}

	private PoolRefusal cancelled() {
		if (this.shutDown || this.pool.isClosed()) {
			return shutDown();
		}
		if (this.cancelled) {
			// As with HttpClient's pool. Setting the interrupt flag would leave it set in
			// a thread that was not interrupted.
			throw new CancellationException("The wait for a connection was cancelled");
		}
		if (this.overdue) {
			return timedOut();
		}
		// As with HttpClient's pool, the interrupt ended the wait for the pool's lock.
		throw new CancellationException("The thread was interrupted before it had a connection");
	}

	private PoolRefusal refused(ExecutionException ex) {
		if (this.pool.isClosed()) {
			return shutDown();
		}
		Throwable cause = Objects.requireNonNullElse(ex.getCause(), ex);
		if (cause instanceof ConnectionPool.ConnectionNotMade notMade) {
			throw notMade.error;
		}
		return new PoolRefusal(AcquireOutcome.FAILED, new IOException(Exceptions.words(cause), cause));
	}

	/**
	 * Return the exception with which a call failed. HttpClient wraps the exception of a
	 * failed connection request in its own.
	 */
	public static IOException failure(IOException thrown) {
		return (thrown instanceof RequestFailedException && thrown.getCause() instanceof IOException refusal) ? refusal
				: thrown;
	}

	boolean isWaiting() {
		return this.waiting != null;
	}

	@Override
	public boolean cancel() {
		this.cancelled = true;
		LeaseRequest waiting = this.waiting;
		return waiting == null || waiting.cancel();
	}

	/**
	 * End the wait because the pool is shut down.
	 */
	void shutDownWait() {
		LeaseRequest waiting = this.waiting;
		if (waiting != null) {
			this.shutDown = true;
			waiting.cancel();
		}
	}

	/**
	 * Ends the wait. HttpClient measures by the wall clock, which may be set meanwhile,
	 * and counts the time in which the process stands still.
	 */
	private final class Patience extends ScheduledTimeout {

		Patience(long began, long limit) {
			super(began, limit);
		}

		@Override
		protected void expired() {
			AcquireRequest.this.overdue = true;
			LeaseRequest waiting = AcquireRequest.this.waiting;
			if (waiting != null) {
				waiting.cancel();
			}
		}

	}

	/**
	 * Carries an exception through {@code acquire}, with the outcome that it means.
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
