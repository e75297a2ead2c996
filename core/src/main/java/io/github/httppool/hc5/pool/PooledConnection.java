package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.SocketCheck;
import io.github.httppool.hc5.observe.ConnectTimes;
import io.github.httppool.hc5.observe.ConnectionView;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that knows its lease, checks itself before it is leased, and reports why
 * it was closed.
 * <p>
 * Who may touch its socket is decided by one atomic state: a caller that has leased it,
 * or the housekeeper while it is idle and probed, never both.
 */
public final class PooledConnection extends MessageConnection implements ConnectionView, BookEntry {

	/** HttpClient's. */
	private static final Logger wire = LoggerFactory.getLogger("org.apache.hc.client5.http.wire");

	/** HttpClient's. */
	private static final Logger closeLog = LoggerFactory.getLogger(DefaultManagedHttpClientConnection.class);

	private static final int LEASED = 0;

	private static final int IDLE = 1;

	private static final int PROBED = 2;

	private static final int CLOSED = 3;

	private static final int UNOPENED = 0;

	private static final int OPENED = 1;

	private static final int REPORTED = 2;

	private final AtomicInteger state = new AtomicInteger(LEASED);

	private final AtomicInteger report = new AtomicInteger(UNOPENED);

	/** Evictions of the pool when this connection was made. */
	private final int generation;

	private volatile @Nullable Route route;

	/** Set while a caller holds it, and until it is reported when it was closed then. */
	private volatile @Nullable Lease lease;

	private volatile @Nullable CloseReason closeReason;

	private volatile boolean opened;

	/** Whether it speaks TLS with a server through a proxy. */
	private volatile boolean tunnelled;

	/** Whether a caller has logged it in: nobody else may use it. */
	private volatile boolean personal;

	/** What the caller that used it tells its connections apart by. */
	private volatile @Nullable Object userToken;

	private final ConnectionLife life = new ConnectionLife();

	final ConnectTimes connectTimes = new ConnectTimes();

	private @Nullable SocketCheck socketCheck;

	/** How long it was idle before its last lease. Written before it is idle again. */
	private long idleBefore = -1;

	/** Requests that were sent before TLS, for a tunnel. */
	private long exchangesBefore;

	PooledConnection(String id, ConnectionPool pool, int generation) {
		super(id, pool);
		this.generation = generation;
	}

	// Leasing

	/**
	 * Begin a lease: of a new connection, or of one that was claimed.
	 */
	void lease(Lease lease) {
		this.route = lease.route;
		this.lease = lease;
	}

	@Override
	public boolean tryLease() {
		return this.state.compareAndSet(IDLE, LEASED);
	}

	@Override
	public boolean tryIdle() {
		return this.state.compareAndSet(LEASED, IDLE);
	}

	/**
	 * Check a claimed connection before its lease, and close it if it cannot be used.
	 * Reads nothing that belongs to a response.
	 */
	boolean isFitForLease() {
		CloseReason reason = CloseReason.ERROR;
		long now = System.nanoTime();
		try {
			reason = isClosed() ? CloseReason.ERROR
					: unfit(now, this.pool.settings().validateAfterInactivity().toNanos());
			if (reason == null) {
				activate(this.pool.inForce().connectionConfig);
			}
		}
		catch (Throwable ex) {
			// Another connection will do.
			reason = CloseReason.ERROR;
		}
		if (reason == null) {
			return true;
		}
		if (reason == CloseReason.STALE) {
			leasedRoute().traffic.staleLeased.increment();
			serverClosed(now);
		}
		closeBecause(reason, CloseMode.GRACEFUL);
		return false;
	}

	/**
	 * Begin with the time limits that HttpClient's pool gives a connection with a lease.
	 */
	void activate(ConnectionConfig config) {
		activate();
		Timeout timeout = config.getSocketTimeout();
		if (timeout != null) {
			setSocketTimeout(timeout);
		}
	}

	/**
	 * Leaves the time limit of reads: the housekeeper may be reading at this moment, for
	 * a millisecond, and would do so for ever. The next lease sets its own.
	 */
	@Override
	public void passivate() {
	}

	/**
	 * The server closed the connection while it was idle, as is noticed now.
	 */
	private void serverClosed(long now) {
		leasedRoute().traffic.serverClosedIdle(now - this.life.idleSince());
	}

	/**
	 * Make the connection idle. An idle slot is reserved for it.
	 * @param now the time
	 * @param idleNanos how long it may be idle
	 */
	void becomeIdle(long now, long idleNanos) {
		RouteSlots<PooledConnection> slots = leasedRoute().slots;
		boolean idle = false;
		try {
			endUse(now, idleNanos);
			idle = this.pool.book().becomeIdle(slots, this);
		}
		finally {
			if (!idle) {
				// Closed by another thread since the look at it, or there is no memory.
				closeBecause(CloseReason.ERROR, CloseMode.GRACEFUL);
				this.pool.book().idleClosed(slots, this);
				report(true);
			}
		}
	}

	/**
	 * Hand the connection over to a caller that waits for its route.
	 * @return {@code false} if there is none
	 */
	boolean tryHandOver(long now, long idleNanos) {
		Route route = leasedRoute();
		if (route.pending.get() == 0) {
			return false;
		}
		Lease ended = this.lease;
		endUse(now, idleNanos);
		if (this.pool.book().tryHandOver(route.slots, this)) {
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
				this.idleBefore = ended.leasedAt() - this.life.idleSince();
				leasedRoute().traffic.survivedIdle.raise(this.idleBefore);
			}
		}
		this.life.becomesIdle(now, idleNanos);
		trimBuffers();
		this.lease = null;
	}

	/**
	 * End the lease of a connection that is closed, and report it.
	 */
	void endLease() {
		this.lease = null;
		report(true);
	}

	// Fitness

	/**
	 * Look at an idle connection from outside a lease, and close it if it is of no more
	 * use.
	 * @param now the time
	 * @param probeAfterNanos how long it must have been left alone to be read from
	 * @return in how many nanoseconds to look again, or {@link Long#MAX_VALUE} if it is
	 * not idle
	 */
	public long inspect(long now, long probeAfterNanos) {
		if (this.state.get() != IDLE) {
			return Long.MAX_VALUE;
		}
		long untilProbe = this.life.untilProbe(now, probeAfterNanos);
		if (this.life.expiry(now) == null && untilProbe > 0) {
			return Math.min(untilProbe, this.life.untilExpiry(now));
		}
		this.pool.book().checkBegins();
		try {
			return this.state.compareAndSet(IDLE, PROBED) ? probe(now, probeAfterNanos) : Long.MAX_VALUE;
		}
		finally {
			this.pool.book().checkEnded();
		}
	}

	private long probe(long now, long probeAfterNanos) {
		CloseReason reason = CloseReason.ERROR;
		try {
			reason = unfit(now, 0);
			this.life.probed(now);
		}
		finally {
			if (reason == CloseReason.STALE) {
				serverClosed(now);
			}
			if (reason != null) {
				closeBecause(reason, CloseMode.GRACEFUL);
			}
			else {
				this.state.compareAndSet(PROBED, IDLE);
			}
		}
		return (reason != null) ? Long.MAX_VALUE : restsFor(now, probeAfterNanos);
	}

	/**
	 * Close the connection if the server has been silent, or has accepted nothing, for
	 * longer than a caller waits.
	 * @return in how many nanoseconds to look again, or {@link Long#MAX_VALUE} if nobody
	 * reads or writes
	 */
	long closeIfSilent(long now) {
		long left = this.streams.claimOverdue(now);
		if (left == 0) {
			closeBecause(CloseReason.ERROR, CloseMode.IMMEDIATE);
			return Long.MAX_VALUE;
		}
		return left;
	}

	/**
	 * Follow settings that have changed: the time to live, and a shorter time to be idle.
	 */
	void follow(ActiveSettings settings) {
		this.life.lives(settings.timeToLiveNanos);
		idlesAtMost(settings.idleNanos);
	}

	void idlesAtMost(long idleNanos) {
		this.life.idlesAtMost(idleNanos);
	}

	/**
	 * Return when to {@linkplain #inspect inspect} a connection that became idle.
	 * @return in how many nanoseconds
	 */
	long restsFor(long now, long probeAfterNanos) {
		return Math.min(probeAfterNanos, this.life.untilExpiry(now));
	}

	/**
	 * Close the connection if nobody holds it.
	 * @return whether it was idle
	 */
	boolean closeIfIdle(CloseReason reason) {
		if (!this.state.compareAndSet(IDLE, PROBED)) {
			return false;
		}
		closeBecause(reason, CloseMode.GRACEFUL);
		return true;
	}

	boolean isIdle() {
		return this.state.get() == IDLE;
	}

	boolean isIdleOn(Route route) {
		return isIdle() && this.route == route;
	}

	/**
	 * Returns whether it came back from a lease that began after it had been idle for
	 * some time or longer.
	 * @param since when it must have come back, at the earliest
	 */
	boolean hasAnswered(Route route, long idleNanos, long since) {
		return isIdleOn(route) && this.life.idleSince() - since > 0 && this.idleBefore >= idleNanos;
	}

	private @Nullable CloseReason unfit(long now, long validateAfterNanos) {
		if (isEvicted()) {
			return CloseReason.EVICTED;
		}
		CloseReason expiry = this.life.expiry(now);
		return (expiry != null) ? expiry : unsound(now, validateAfterNanos);
	}

	/**
	 * Look at the connection between two exchanges of one lease, and close it if it is of
	 * no more use.
	 */
	boolean isFitForFurtherExchange() {
		CloseReason reason = hasSurplus() ? CloseReason.UNSOLICITED_DATA : unsound(System.nanoTime(), 0);
		if (reason == null) {
			return true;
		}
		closeBecause(reason, CloseMode.IMMEDIATE);
		return false;
	}

	@Override
	void becomePersonal() {
		this.personal = true;
	}

	boolean isPersonal() {
		return this.personal;
	}

	@Override
	public @Nullable Object userToken() {
		return this.userToken;
	}

	boolean isEvicted() {
		return this.generation != this.pool.generation();
	}

	boolean isPastItsLife(long now) {
		return this.life.isOver(now);
	}

	private @Nullable CloseReason unsound(long now, long validateAfterNanos) {
		return Objects.requireNonNull(this.socketCheck)
			.unsound(now - this.life.idleSince() > validateAfterNanos, exchanges() == this.exchangesBefore);
	}

	/**
	 * Look at the connection, over which nothing was sent yet, and close it if it is of
	 * no use: what the server sends to set TLS up is taken in, as far as it is there.
	 */
	public boolean isFitAfterOpening() {
		CloseReason reason = Objects.requireNonNull(this.socketCheck).unsoundWhenOpened();
		if (reason != null) {
			closeBecause(reason, CloseMode.IMMEDIATE);
		}
		return reason == null;
	}

	/**
	 * HttpClient's own check, for sockets that cannot be read without blocking: waits for
	 * a millisecond, and what comes in that time is in the buffer of the next response.
	 */
	private int readByHttpClient() throws IOException {
		if (wire.isDebugEnabled() && Thread.currentThread() instanceof Housekeeper.Worker) {
			// HttpClient would log what it reads, and an appender may block. The next
			// lease looks.
			return 0;
		}
		// Before the first response nobody but HttpCore sees its buffer.
		long before = bytesReceived();
		if (super.isStale()) {
			return -1;
		}
		return (hasUnreadBytes() || bytesReceived() != before) ? 1 : 0;
	}

	/**
	 * Return whether bytes were read that do not belong to the exchange that ended.
	 */
	boolean hasSurplus() {
		SocketCheck check = this.socketCheck;
		return hasUnreadBytes() || (check != null && check.hasUnreadTls());
	}

	// Opening and closing

	@Override
	public void bind(Socket socket) throws IOException {
		if (wire.isDebugEnabled()) {
			super.bind(socket.isConnected() ? this.streams.through(socket) : socket);
		}
		else {
			super.bind(this.streams.holder(socket));
		}
		bound(socket, null);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Bytes that a proxy, or who can write to its socket, sent before the handshake would
	 * be read as if they had come through the tunnel.
	 */
	@Override
	public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
		if (hasUnreadBytes()) {
			closeBecause(CloseReason.UNSOLICITED_DATA, CloseMode.IMMEDIATE);
			throw new ConnectionClosedException(
					"The proxy sent bytes without TLS after its answer to CONNECT, on the way to %s (pool '%s')"
						.formatted(route(), pool()));
		}
		SocketHolder before = getSocketHolder();
		if (socket instanceof SSLSocket outer && before != null) {
			// TLS within the TLS of a proxy: to be closed and looked at below both.
			Socket baseSocket = before.getBaseSocket();
			super.bind(sslSocket, baseSocket);
			bound(baseSocket, outer);
			return;
		}
		super.bind(sslSocket, socket);
		bound(socket, null);
	}

	/**
	 * There is TLS with the server behind a proxy.
	 */
	void tunnelled() {
		this.tunnelled = true;
	}

	boolean isTunnelled() {
		return this.tunnelled;
	}

	private void bound(Socket baseSocket, @Nullable SSLSocket outer) throws IOException {
		// The pool knows the connection already: either it is closed with the others, or
		// this sees that they were.
		if (isClosed() || this.pool.isClosed()) {
			baseSocket.close();
			throw new RequestFailedException(
					"The connection to %s was closed while it was being opened (pool '%s')".formatted(route(), pool()));
		}
		this.exchangesBefore = exchanges();
		SocketHolder holder = getSocketHolder();
		this.socketCheck = (baseSocket.isConnected() && holder != null)
				? new SocketCheck(holder, outer, baseSocket, this.streams.input(), this::readByHttpClient) : null;
		if (baseSocket.isConnected()) {
			// HttpCore keeps them, and with them what went over the connection, but makes
			// none for a connection that is closed.
			getEndpointDetails();
		}
		if (baseSocket.isConnected() && holder != null) {
			// HttpCore asks for it with the first read, which may be one that goes on
			// after its timeout.
			holder.getInputStream();
		}
	}

	/**
	 * The connection can be used from now on, unless a cancel was quicker.
	 */
	void opened(Lease lease) {
		this.life.begins(System.nanoTime(), this.pool.inForce().timeToLiveNanos);
		// Either whoever changes it finds the life begun, or this sees the change.
		this.life.lives(this.pool.inForce().timeToLiveNanos);
		this.opened = true;
		this.pool.reporter().opened(lease, this);
		if (!this.report.compareAndSet(UNOPENED, OPENED)) {
			tellClosed(true);
		}
	}

	public boolean isClosed() {
		return this.state.get() == CLOSED;
	}

	boolean isOpened() {
		return this.opened;
	}

	/**
	 * Close, with the reason that will be reported; the first reason counts.
	 */
	public void closeBecause(CloseReason reason, CloseMode mode) {
		because(reason);
		close(mode);
	}

	/**
	 * Remember the reason for a close that has happened, if none is known yet.
	 */
	void because(CloseReason reason) {
		if (this.closeReason == null) {
			this.closeReason = reason;
		}
	}

	public @Nullable CloseReason closeReason() {
		return this.closeReason;
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
	 * Never blocks: HttpClient closes connections under the lock of the whole pool. A
	 * graceful close of TLS would write, and a write waits for a peer that does not read;
	 * so the socket is closed below TLS. Never throws: HttpClient would lose an entry.
	 */
	@Override
	public void close(CloseMode mode) {
		int before = this.state.getAndSet(CLOSED);
		if (before == CLOSED) {
			awaitSocketClosed();
			return;
		}
		boolean idle = before == IDLE || before == PROBED;
		this.life.ends(System.nanoTime());
		try {
			closeSocket(mode);
			if (idle) {
				because(whyDropped());
			}
		}
		finally {
			if (idle) {
				this.pool.book().idleClosed(leasedRoute().slots, this);
			}
			letHttpClientClose(!idle);
		}
		if (this.lease == null) {
			report(false);
		}
	}

	/**
	 * Return after the close by another thread: only then the slot may be free. A second
	 * close of a socket waits for the first.
	 */
	private void awaitSocketClosed() {
		SocketHolder holder = getSocketHolder();
		try {
			if (holder != null) {
				holder.getBaseSocket().close();
			}
		}
		catch (IOException | RuntimeException ex) {
			// It is gone either way.
		}
	}

	/**
	 * Close a claimed connection to make room for another.
	 */
	void closeToMakeRoom() {
		closeBecause(whyDropped(), CloseMode.GRACEFUL);
	}

	/**
	 * Returns why an idle connection is closed where no reason was given: to make room,
	 * unless its time was over anyway.
	 */
	private CloseReason whyDropped() {
		if (this.pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		CloseReason expiry = this.life.expiry(System.nanoTime());
		if (expiry != null) {
			return expiry;
		}
		if (!isEvicted()) {
			leasedRoute().traffic.madeRoom.increment();
		}
		return CloseReason.EVICTED;
	}

	private void closeSocket(CloseMode mode) {
		SocketHolder holder = getSocketHolder();
		try {
			if (holder != null) {
				Socket socket = holder.getBaseSocket();
				if (mode == CloseMode.IMMEDIATE) {
					socket.setSoLinger(true, 0);
				}
				else if (socket.getSoLinger() > 0) {
					// As a customizer sets it, which would wait for the peer here.
					socket.setSoLinger(false, 0);
				}
				socket.close();
			}
		}
		catch (Throwable ex) {
			// It is gone either way.
		}
		this.streams.closed();
	}

	/**
	 * HttpClient has nothing left to close, but may write to the log: not in the
	 * housekeeper, and not under the lock of its pool.
	 */
	private void letHttpClientClose(boolean held) {
		try {
			if (closeLog.isDebugEnabled() && (!held || Thread.currentThread() instanceof Housekeeper.Worker)) {
				this.pool.log().later(() -> super.close(CloseMode.IMMEDIATE));
			}
			else {
				super.close(CloseMode.IMMEDIATE);
			}
		}
		catch (Throwable ex) {
			// The socket is closed.
		}
	}

	private void report(boolean held) {
		int before = this.report.getAndSet(REPORTED);
		if (before == OPENED) {
			tellClosed(held);
		}
		else if (before == UNOPENED) {
			this.pool.forget(this);
		}
	}

	private void tellClosed(boolean held) {
		this.pool.reporter().closed(this, Objects.requireNonNullElse(this.closeReason, CloseReason.ERROR), held);
	}

	// Description

	@Override
	public String id() {
		return getId();
	}

	@Override
	public String pool() {
		return this.pool.name();
	}

	@Override
	public String route() {
		return leasedRoute().name;
	}

	/**
	 * Return the route, which a connection has from its first lease on.
	 */
	Route leasedRoute() {
		return Objects.requireNonNull(this.route);
	}

	@Override
	public @Nullable Lease leaseOrNull() {
		return this.lease;
	}

	@Override
	public long idleSince() {
		return this.life.idleSince();
	}

	@Override
	public Duration age() {
		return this.life.age(isClosed());
	}

	@Override
	public ConnectTimes connectTimes() {
		return this.connectTimes;
	}

}
