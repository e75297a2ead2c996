package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.http1.ExchangeEvents;
import io.github.httppool.hc5.http1.NoExchange;
import io.github.httppool.hc5.observe.ConnectTimes;
import io.github.httppool.hc5.observe.ConnectionView;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a pool: its {@linkplain ConnectionState state}, its lease, and the
 * reason why it was closed.
 */
public final class PooledConnection extends SocketConnection implements ConnectionView, BookEntry {

	private final AtomicReference<ConnectionState> state = new AtomicReference<>(ConnectionState.LEASED);

	final PooledConnections connections;

	/** The number of evictions of the pool when this connection was created. */
	private final int generation;

	private final ConnectionReport report;

	final ConnectionLifetime lifetime = new ConnectionLifetime();

	private final ConnectionCheck check;

	final ConnectTimes connectTimes = new ConnectTimes();

	private volatile @Nullable Route route;

	/**
	 * Set while a caller holds the connection. If the connection is closed during the
	 * lease, set until the close is reported.
	 */
	private volatile @Nullable Lease lease;

	private volatile boolean opened;

	private volatile @Nullable Object userToken;

	/**
	 * How long the connection was idle before its last lease. Written before the
	 * connection becomes idle again.
	 */
	private long idleBefore = -1;

	PooledConnection(String id, PoolContext pool, PooledConnections connections) {
		super(id, pool);
		this.connections = connections;
		this.generation = pool.generation();
		this.report = new ConnectionReport(this, pool);
		this.check = new ConnectionCheck(this, pool, this.lifetime);
	}

	// Leasing

	/**
	 * Begin the lease of a new connection, or of a claimed one.
	 */
	void lease(Lease lease) {
		this.route = lease.route;
		this.lease = lease;
	}

	@Override
	public boolean tryLease() {
		return this.state.compareAndSet(ConnectionState.IDLE, ConnectionState.LEASED);
	}

	@Override
	public boolean tryIdle() {
		return this.state.compareAndSet(ConnectionState.LEASED, ConnectionState.IDLE);
	}

	boolean tryProbe() {
		return this.state.compareAndSet(ConnectionState.IDLE, ConnectionState.PROBED);
	}

	void endProbe() {
		this.state.compareAndSet(ConnectionState.PROBED, ConnectionState.IDLE);
	}

	/**
	 * Set the timeouts that HttpClient's pool sets when it leases a connection.
	 */
	void activate(ConnectionConfig config) {
		activate();
		Timeout timeout = config.getSocketTimeout();
		if (timeout != null) {
			setSocketTimeout(timeout);
		}
	}

	/**
	 * Does nothing. HttpClient would remove the socket timeout, although the housekeeper
	 * may be reading with a timeout of a millisecond, and would then block. The next
	 * lease sets the timeout.
	 */
	@Override
	public void passivate() {
	}

	/**
	 * Make the connection idle. Its idle slot must already be reserved.
	 * @param now the time
	 * @param idleNanos the maximum idle time
	 */
	void becomeIdle(long now, long idleNanos) {
		RouteSlots<PooledConnection> slots = leasedRoute().slots;
		boolean idle = false;
		try {
			endUse(now, idleNanos);
			idle = book().becomeIdle(slots, this);
		}
		finally {
			if (!idle) {
				// Another thread has closed the connection, or memory is exhausted.
				close(CloseReason.ERROR, CloseMode.GRACEFUL);
				book().idleClosed(slots, this);
				this.report.closed(true);
			}
		}
	}

	/**
	 * Hand the connection over to a caller that waits for its route.
	 * @return {@code false} if no caller can use it
	 */
	boolean tryHandOver(long now, long idleNanos) {
		Route route = leasedRoute();
		if (route.pending.get() == 0) {
			return false;
		}
		Lease ended = this.lease;
		endUse(now, idleNanos);
		if (book().tryHandOver(route.slots, this)) {
			return true;
		}
		this.lease = ended;
		return false;
	}

	private void endUse(long now, long idleNanos) {
		Lease ended = this.lease;
		if (ended != null) {
			this.userToken = ended.userToken();
			if (ended.isReused()) {
				this.idleBefore = ended.leasedAt() - this.lifetime.idleSince();
				leasedRoute().traffic.survivedIdle.raise(this.idleBefore);
			}
		}
		this.lifetime.becameIdle(now, idleNanos);
		trimBuffers();
		this.lease = null;
	}

	/**
	 * End the lease of a closed connection, and report the close.
	 */
	void endLease() {
		this.lease = null;
		this.report.closed(true);
	}

	// Use

	/**
	 * Called when the connection has been opened. Another thread may have closed it in
	 * the meantime.
	 */
	void opened(Lease lease) {
		this.lifetime.opened(System.nanoTime(), this.pool.inForce().timeToLiveNanos);
		// A concurrent change of the settings either applies to the lifetime set above,
		// or is visible here.
		this.lifetime.timeToLive(this.pool.inForce().timeToLiveNanos);
		this.opened = true;
		this.report.opened(lease);
	}

	boolean isOpened() {
		return this.opened;
	}

	@Override
	public @Nullable Object userToken() {
		return this.userToken;
	}

	public ConnectionCheck check() {
		return this.check;
	}

	ConnectionBook<PooledConnection> book() {
		return this.connections.book;
	}

	boolean isEvicted() {
		return this.generation != this.pool.generation();
	}

	boolean isIdle() {
		return this.state.get() == ConnectionState.IDLE;
	}

	boolean isIdleOn(Route route) {
		return isIdle() && this.route == route;
	}

	/**
	 * Return whether the connection is idle again after a successful lease that followed
	 * a similar idle time.
	 * @param idleNanos the minimum time for which it was idle before that lease
	 * @param since the earliest end of that lease
	 */
	boolean survivedIdle(Route route, long idleNanos, long since) {
		return isIdleOn(route) && this.lifetime.idleSince() - since > 0 && this.idleBefore >= idleNanos;
	}

	// Closing

	/**
	 * Close the connection if it is idle.
	 * @return whether it was idle
	 */
	boolean closeIfIdle(CloseReason reason) {
		if (!isIdle()) {
			return false;
		}
		book().checkBegins();
		try {
			boolean idle = tryProbe();
			if (idle) {
				close(reason, CloseMode.GRACEFUL);
			}
			return idle;
		}
		finally {
			book().checkEnded();
		}
	}

	/**
	 * Close a claimed connection to make room for another one.
	 */
	void closeToMakeRoom() {
		close(this.check.evictionReason(), CloseMode.GRACEFUL);
	}

	/**
	 * Close the connection and report the given reason, unless a reason was recorded
	 * before.
	 */
	@Override
	public void close(CloseReason reason, CloseMode mode) {
		closeReason(reason);
		close(mode);
	}

	/**
	 * Record why the connection is or will be closed. The first reason counts.
	 */
	void closeReason(CloseReason reason) {
		this.report.closeReason(reason);
	}

	@Override
	public @Nullable CloseReason closeReason() {
		return this.report.closeReason();
	}

	@Override
	public boolean isClosed() {
		return this.state.get() == ConnectionState.CLOSED;
	}

	@Override
	public boolean isOpen() {
		return !isClosed() && super.isOpen();
	}

	@Override
	public void close() {
		close(CloseMode.GRACEFUL);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Never blocks, because HttpClient may hold a lock while it closes connections. Never
	 * throws, because HttpClient would lose the entry.
	 */
	@Override
	public void close(CloseMode mode) {
		ConnectionState before = this.state.getAndSet(ConnectionState.CLOSED);
		if (before == ConnectionState.CLOSED) {
			awaitSocketClosed();
			return;
		}
		boolean idle = before != ConnectionState.LEASED;
		this.lifetime.closed(System.nanoTime());
		try {
			closeSocket(mode);
			if (idle) {
				closeReason(this.check.evictionReason());
			}
		}
		finally {
			if (idle) {
				book().idleClosed(leasedRoute().slots, this);
			}
			closeHttpClientConnection(!idle);
		}
		if (this.lease == null) {
			this.report.closed(false);
		}
	}

	// Description

	@Override
	public String route() {
		return leasedRoute().name;
	}

	/**
	 * Return the route. Must not be called before the first lease.
	 */
	Route leasedRoute() {
		return Objects.requireNonNull(this.route);
	}

	/**
	 * Return the lease that holds the connection, or {@code null} if none does.
	 */
	public @Nullable Lease leaseOrNull() {
		return this.lease;
	}

	@Override
	protected ExchangeEvents exchange() {
		Lease lease = this.lease;
		return (lease != null) ? lease.exchange : NoExchange.INSTANCE;
	}

	@Override
	public long idleSince() {
		return this.lifetime.idleSince();
	}

	@Override
	public Duration age() {
		return this.lifetime.age(isClosed());
	}

	@Override
	public ConnectTimes connectTimes() {
		return this.connectTimes;
	}

}
