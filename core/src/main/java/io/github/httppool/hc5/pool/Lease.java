package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import io.github.httppool.CloseReason;
import io.github.httppool.ProxyRefusedException;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A caller's claim on a connection, from the {@linkplain AcquireRequest request} until
 * the release. HttpClient's execution chain uses it as the endpoint. {@link LeaseState}
 * defines which thread may close and release the connection.
 */
public final class Lease extends LeaseDetails implements CallDeadline.Holder {

	private static final AtomicReferenceFieldUpdater<Lease, LeaseState> STATE = AtomicReferenceFieldUpdater
		.newUpdater(Lease.class, LeaseState.class, "state");

	public final Exchange exchange;

	private volatile LeaseState state = LeaseState.HELD;

	/** Whether the same call had an earlier lease, for example before a redirect. */
	private final boolean followsUp;

	/** Whether to open a new connection, because the previous one was stale. */
	private final boolean afterStale;

	/** Reports the lease if it is held for too long. {@code null} if disabled. */
	private volatile @Nullable LeakTask leakTask;

	/** Accessed by the housekeeper only. */
	private boolean leakCounted;

	/** Whether the connection was released before the caller received it. */
	private boolean unseen;

	/** How often a proxy has requested authentication. */
	private int challenges;

	/**
	 * Create a lease, which has no connection yet.
	 * @param id the identifier of the exchange, as HttpClient logs it
	 */
	public Lease(PoolContext pool, String id, Route route, Call call) {
		super(pool, id, route, call);
		Lease previous = call.lease();
		this.followsUp = previous != null;
		this.afterStale = previous != null && previous.wasStale();
		this.exchange = new Exchange(pool, this, call.deadline(),
				(previous != null) ? previous.exchange.request() : call.request());
	}

	@Override
	Exchange exchange() {
		return this.exchange;
	}

	// The connection

	/**
	 * Move to another instance of the route, because the pool has removed the first one.
	 */
	void moveTo(Route route) {
		this.route = route;
	}

	/**
	 * Begin to hold a connection.
	 */
	public void hold(PooledConnection connection, long now) {
		this.leasedAt = now;
		this.connection = connection;
		this.reused = connection.isOpened();
		connection.lease(this);
		this.call.holds(this);
		if (this.afterStale && this.reused) {
			// After a restart of the server, all idle connections are stale, but
			// some do not show it yet.
			connection.close(CloseReason.EVICTED, CloseMode.IMMEDIATE);
			this.reused = false;
		}
		CallDeadline deadline = deadline();
		if (deadline != null) {
			deadline.holds(this);
		}
		Duration threshold = this.pool.settings().leakDetectionThreshold();
		if (threshold != null) {
			this.leakTask = LeakTask.start(this, this.pool, threshold);
		}
	}

	boolean isFollowUp() {
		return this.followsUp;
	}

	@Override
	public boolean isInputWaiting() {
		return held().streams.isInputWaiting();
	}

	@Override
	public void closeAtDeadline() {
		held().close(CloseReason.ERROR, CloseMode.IMMEDIATE);
	}

	/**
	 * Continue with a new connection if the previous one was closed between two
	 * exchanges. A lease that has ended in the meantime cannot release the new
	 * connection, so this method closes it.
	 */
	void reconnected(PooledConnection connection) throws IOException {
		PooledConnection before = held();
		if (before != connection) {
			CloseReason failure = this.exchange.failure();
			this.connection = connection;
			this.reused = false;
			this.exchange.reset();
			connection.lease(this);
			before.closeReason((failure != null) ? failure : CloseReason.SERVER_CLOSE);
			before.endLease();
			if (hasEnded()) {
				connection.close(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
				connection.endLease();
				throw new RequestFailedException(
						"The call to %s was given up before it was connected (pool '%s')".formatted(route(), pool()));
			}
		}
		CallDeadline deadline = deadline();
		if (deadline != null) {
			// Either the deadline closes the new connection, or this call sees that it
			// has passed.
			deadline.check();
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient calls this method before each exchange. After a challenge, the next
	 * exchange begins within the same lease, so this method performs the check that
	 * usually precedes a lease.
	 */
	@Override
	public boolean isConnected() {
		PooledConnection connection = held();
		if (!connection.isOpen()) {
			return false;
		}
		CloseReason failure = this.exchange.failure();
		if (failure != null) {
			// The response was misframed, but the user's reuse strategy
			// kept the connection.
			connection.close(failure, CloseMode.IMMEDIATE);
			return false;
		}
		return !this.exchange.isOver() || connection.check().isFitForFurtherExchange();
	}

	@Override
	public void setSocketTimeout(Timeout timeout) {
		Timeout inForce = this.pool.responseTimeout(timeout);
		this.responseTimeout = inForce;
		open().setSocketTimeout(inForce);
	}

	@Override
	public @Nullable EndpointInfo getInfo() {
		PooledConnection connection = held();
		return connection.isOpen() ? new EndpointInfo(connection.getProtocolVersion(), connection.getSSLSession())
				: null;
	}

	@Override
	@Deprecated
	public ClassicHttpResponse execute(String id, ClassicHttpRequest request, HttpRequestExecutor executor,
			HttpContext context) throws IOException, HttpException {
		return execute(id, request, executor::execute, context);
	}

	@Override
	public ClassicHttpResponse execute(String id, ClassicHttpRequest request, RequestExecutor executor,
			HttpContext context) throws IOException, HttpException {
		this.exchange.begin(request);
		this.call.enter(HttpClientContext.cast(context));
		try {
			return TunnelRequest.is(request)
					? TunnelRequest.execute(this.pool, this, open(), request, executor, context)
					: executor.execute(request, open(), context);
		}
		catch (ProxyRefusedException ex) {
			connectFailed(ex);
			this.exchange.notifyFailed(ex);
			throw ex;
		}
		catch (IOException ex) {
			IOException failure = this.exchange.failed(ex);
			if (this.reused && wasStale()) {
				this.route.traffic.serverClosedIdle(this.leasedAt - held().idleSince());
			}
			this.exchange.notifyFailed(failure);
			throw failure;
		}
		catch (HttpException | RuntimeException ex) {
			this.exchange.failed(ex);
			this.exchange.notifyFailed(ex);
			throw ex;
		}
		catch (Throwable ex) {
			// After an Error, or an undeclared checked exception, HttpClient does not
			// release the connection (HTTPCLIENT-1924).
			this.exchange.failed(CloseReason.ERROR);
			this.exchange.notifyFailed(ex);
			close(CloseMode.IMMEDIATE);
			end(null);
			throw ex;
		}
	}

	/**
	 * Report that opening the connection failed.
	 */
	void connectFailed(Throwable failure) {
		this.exchange.connectFailed();
		boolean counts = !this.pool.isClosed() && this.exchange.failure() != CloseReason.CANCELLED
				&& held().closeReason() != CloseReason.CANCELLED;
		this.pool.reporter().connectFailed(this, failure, counts);
	}

	/**
	 * Record that the caller authenticates the connection itself.
	 */
	public void markAuthenticated() {
		held().markAuthenticated();
	}

	/**
	 * Count an attempt to authenticate at a proxy.
	 * @return {@code false} if there were more than {@code max}
	 */
	public boolean tryAuthenticate(int max) {
		return ++this.challenges <= max;
	}

	// Release

	/**
	 * Called by HttpClient when it discards the endpoint, possibly from another thread.
	 */
	@Override
	public void close(CloseMode mode) {
		if (!STATE.compareAndSet(this, LeaseState.HELD, LeaseState.CLOSING)) {
			// Another caller may have the connection now, or another thread is closing
			// it.
			return;
		}
		try {
			CloseReason reason = this.exchange.whyGivenUp();
			held().closeReason(reason);
			held().close((reason == CloseReason.SERVER_CLOSE) ? CloseMode.GRACEFUL : mode);
		}
		finally {
			this.state = LeaseState.HELD;
		}
	}

	/**
	 * Called by HttpClient between two exchanges if the server closes the connection
	 * after the first one.
	 */
	@Override
	public void close() {
		if (!this.exchange.hasFailed() && !this.exchange.isServerKeeping() && !hasEnded()) {
			held().closeReason(CloseReason.SERVER_CLOSE);
		}
		close(CloseMode.GRACEFUL);
	}

	/**
	 * Release the connection before the caller has received it.
	 */
	public void endUnseen() {
		this.unseen = true;
		end(null);
	}

	/**
	 * Release the connection. Only the first call has an effect.
	 * @param keepAlive how long the server is expected to keep the connection, or
	 * {@code null} if it must be closed
	 */
	public void end(@Nullable TimeValue keepAlive) {
		if (!tryEnd()) {
			return;
		}
		// Read the connection after the state change. A connection that is opened
		// later closes itself.
		PooledConnection connection = held();
		CallDeadline deadline = deadline();
		if (deadline != null && !deadline.leaseEnds(this)) {
			this.exchange.failed(CloseReason.ERROR);
		}
		long now = System.nanoTime();
		this.heldUntil = now;
		try {
			LeaseRelease.giveBack(this, connection, now, this.pool.inForce().idleNanos(keepAlive));
		}
		finally {
			if (deadline != null) {
				deadline.watchInterrupts();
			}
		}
		if (!this.unseen) {
			this.route.traffic.held.add(now - this.leasedAt);
		}
		LeakTask leakTask = this.leakTask;
		if (leakTask != null && !this.pool.housekeeper().cancel(leakTask) && leakTask.hasReported()) {
			this.pool.leaks().reportReturned(this);
		}
	}

	private boolean tryEnd() {
		while (!STATE.compareAndSet(this, LeaseState.HELD, LeaseState.ENDED)) {
			if (hasEnded()) {
				return false;
			}
			Thread.yield();
		}
		return true;
	}

	public boolean hasEnded() {
		return this.state == LeaseState.ENDED;
	}

	void notifyReleased(@Nullable CloseReason closed) {
		if (this.pool.listeners().present() && !this.unseen) {
			this.pool.listeners().released(this, closed);
		}
	}

	/**
	 * Release the connection on behalf of a caller that has abandoned its response.
	 * Called by the housekeeper.
	 */
	public void endIfAbandoned(long now) {
		// Not while another thread is closing it, because that may take a while.
		if (!this.exchange.isAbandoned() || this.state != LeaseState.HELD) {
			return;
		}
		try {
			LeakTask leakTask = this.leakTask;
			this.pool.leaks().reportAbandoned(this, countAsLeak(), (leakTask != null) ? leakTask.caller() : null, now);
		}
		finally {
			this.exchange.failedUnlessBefore(CloseReason.LEAK);
			end(null);
		}
	}

	/**
	 * Count this lease as a leak. Called by the housekeeper.
	 * @return {@code false} if it has already been counted
	 */
	public boolean countAsLeak() {
		boolean first = !this.leakCounted;
		this.leakCounted = true;
		return first;
	}

}
