package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PooledConnectionInfo;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows its lease, checks itself before it is leased, and reports why
 * it was closed.
 * <p>
 * Who may touch its socket is decided by one atomic state: a caller that has leased it,
 * or the housekeeper while it is idle and probed, never both.
 */
final class PooledConnection extends DefaultManagedHttpClientConnection implements PooledConnectionInfo {

	private static final int NEW = 0;

	private static final int LEASED = 1;

	private static final int IDLE = 2;

	private static final int PROBED = 3;

	private static final int CLOSED = 4;

	private static final int UNOPENED = 0;

	private static final int OPENED = 1;

	private static final int REPORTED = 2;

	private final ConnectionPool pool;

	private final ResponseParser responseParser;

	private final AtomicInteger state = new AtomicInteger(NEW);

	private final AtomicInteger report = new AtomicInteger(UNOPENED);

	/** Evictions of the pool when this connection was made. */
	private final int generation;

	private volatile @Nullable Route route;

	/** Set while a caller holds it, and until it is reported when it was closed then. */
	private volatile @Nullable Lease lease;

	private volatile @Nullable CloseReason closeReason;

	private volatile boolean opened;

	private volatile long openedAt;

	private volatile long closedAt;

	private volatile boolean mortal;

	private volatile long diesAt;

	private volatile long idleSince;

	private volatile long idleUntil;

	private volatile long probedAt;

	private volatile long exchanges;

	private @Nullable InputStream baseStream;

	private @Nullable SocketChannel channel;

	private @Nullable ByteBuffer probe;

	PooledConnection(String id, ConnectionPool pool, int generation) {
		this(id, pool, generation, new ResponseParser());
	}

	private PooledConnection(String id, ConnectionPool pool, int generation, ResponseParser responseParser) {
		super(id, null, null, Http1Config.DEFAULT, null, null, null, null, responseParser);
		this.pool = pool;
		this.generation = generation;
		this.responseParser = responseParser;
	}

	// Leasing

	/**
	 * Begin a lease: of a new connection, or of one that {@link #isStale()} has claimed.
	 */
	void lease(Lease lease) {
		this.route = lease.route;
		this.lease = lease;
		this.state.compareAndSet(NEW, LEASED);
	}

	/**
	 * Called by HttpClient before each lease of an open connection: claims it, and says
	 * whether it cannot be used. Reads nothing that belongs to a response.
	 */
	@Override
	public boolean isStale() {
		if (!claim()) {
			return true;
		}
		CloseReason reason = unfit(System.nanoTime(), this.pool.settings().validateAfterInactivity().toNanos());
		if (reason == null) {
			return false;
		}
		closeBecause(reason, CloseMode.GRACEFUL);
		return true;
	}

	private boolean claim() {
		while (true) {
			int current = this.state.get();
			if (current == IDLE) {
				if (this.state.compareAndSet(IDLE, LEASED)) {
					leaveIdle();
					return true;
				}
			}
			else if (current == PROBED) {
				// The housekeeper is at it, for a few microseconds.
				Thread.yield();
			}
			else {
				return current != CLOSED;
			}
		}
	}

	/**
	 * Keep the connection as an idle one. Counted by the caller before.
	 * @param now the time
	 * @param idleNanos how long it may be idle
	 */
	void becomeIdle(long now, long idleNanos) {
		this.idleSince = now;
		this.probedAt = now;
		this.idleUntil = now + idleNanos;
		this.lease = null;
		if (!this.state.compareAndSet(LEASED, IDLE)) {
			// Closed by somebody else since it was looked at.
			leaveIdle();
			report();
		}
	}

	/**
	 * End the lease of a connection that is closed, and report it.
	 */
	void endLease() {
		this.lease = null;
		report();
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
	long inspect(long now, long probeAfterNanos) {
		if (this.state.get() != IDLE) {
			return Long.MAX_VALUE;
		}
		long untilProbe = this.probedAt + probeAfterNanos - now;
		if (expiry(now) == null && untilProbe > 0) {
			return Math.min(untilProbe, untilExpiry(now));
		}
		if (!this.state.compareAndSet(IDLE, PROBED)) {
			return Long.MAX_VALUE;
		}
		CloseReason reason = unfit(now, 0);
		this.probedAt = now;
		if (reason != null) {
			closeBecause(reason, CloseMode.GRACEFUL);
			return Long.MAX_VALUE;
		}
		this.state.compareAndSet(PROBED, IDLE);
		return restsFor(now, probeAfterNanos);
	}

	/**
	 * Return when to {@linkplain #inspect inspect} a connection that became idle.
	 * @return in how many nanoseconds
	 */
	long restsFor(long now, long probeAfterNanos) {
		return Math.min(probeAfterNanos, untilExpiry(now));
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

	private @Nullable CloseReason unfit(long now, long validateAfterNanos) {
		if (isEvicted()) {
			return CloseReason.EVICTED;
		}
		CloseReason expiry = expiry(now);
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

	boolean isEvicted() {
		return this.generation != this.pool.generation();
	}

	boolean isPastItsLife(long now) {
		return this.mortal && now - this.diesAt >= 0;
	}

	private @Nullable CloseReason expiry(long now) {
		if (isPastItsLife(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return (now - this.idleUntil >= 0) ? CloseReason.IDLE_TIMEOUT : null;
	}

	private long untilExpiry(long now) {
		long untilIdleEnds = this.idleUntil - now;
		return this.mortal ? Math.min(untilIdleEnds, this.diesAt - now) : untilIdleEnds;
	}

	/**
	 * Bytes that wait on the socket, below TLS, were not asked for: one system call
	 * tells. The end of the stream needs a read, without blocking.
	 */
	private @Nullable CloseReason unsound(long now, long validateAfterNanos) {
		InputStream baseStream = this.baseStream;
		if (baseStream == null) {
			return CloseReason.STALE;
		}
		try {
			if (baseStream.available() > 0) {
				return surplus();
			}
			if (now - this.idleSince <= validateAfterNanos) {
				return null;
			}
			return switch (readOneByte()) {
				case 0 -> null;
				case 1 -> surplus();
				default -> CloseReason.STALE;
			};
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	/**
	 * A close notification of TLS is bytes too: what is followed by the end of the stream
	 * and can be no more than that says that the server closed.
	 */
	private CloseReason surplus() throws IOException {
		InputStream baseStream = this.baseStream;
		SocketHolder holder = getSocketHolder();
		if (baseStream != null && holder != null && holder.getSSLSocket() != null && this.channel != null) {
			int waiting = baseStream.available();
			if (waiting > 0 && waiting <= 64 && baseStream.read(new byte[64]) >= 0 && readOneByte() < 0) {
				return CloseReason.STALE;
			}
		}
		return CloseReason.UNSOLICITED_DATA;
	}

	/**
	 * Read a byte without waiting for it.
	 * @return 0 if there is none, 1 if there is one, -1 at the end of the stream
	 */
	private int readOneByte() throws IOException {
		SocketChannel channel = this.channel;
		if (channel == null) {
			// A SOCKS socket has no channel; HttpClient's own check waits for 1 ms.
			// What comes in that time is in the buffer of the next response.
			return super.isStale() ? -1 : (hasUnreadBytes() ? 1 : 0);
		}
		ByteBuffer probe = this.probe;
		if (probe == null) {
			probe = ByteBuffer.allocate(1);
			this.probe = probe;
		}
		probe.clear();
		channel.configureBlocking(false);
		try {
			return channel.read(probe);
		}
		finally {
			channel.configureBlocking(true);
		}
	}

	/**
	 * Say whether bytes were read that do not belong to the exchange that ended.
	 */
	boolean hasSurplus() {
		return hasUnreadBytes() || hasSurplusInTls();
	}

	private boolean hasUnreadBytes() {
		SessionInputBuffer buffer = this.responseParser.buffer;
		return buffer != null && buffer.length() > 0;
	}

	/**
	 * A record of TLS holds more than the buffer. The rest of it waits in the TLS layer,
	 * where neither the buffer nor the base socket shows it.
	 */
	private boolean hasSurplusInTls() {
		SocketHolder holder = getSocketHolder();
		if (holder == null || holder.getSSLSocket() == null) {
			return false;
		}
		try {
			return holder.getInputStream().available() > 0;
		}
		catch (IOException ex) {
			// It cannot be ruled out.
			return true;
		}
	}

	// Opening and closing

	@Override
	public void bind(Socket socket) throws IOException {
		super.bind(socket);
		bound(socket);
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
			throw new ConnectionClosedException("The proxy sent bytes without TLS after its answer to CONNECT");
		}
		super.bind(sslSocket, socket);
		bound(socket);
	}

	private void bound(Socket baseSocket) throws IOException {
		// The pool knows the connection already: either it is closed with the others, or
		// this sees that they were.
		if (this.state.get() == CLOSED || this.pool.isClosed()) {
			baseSocket.close();
			throw new ConnectionClosedException("The connection was closed while it was being opened");
		}
		this.channel = baseSocket.getChannel();
		this.baseStream = baseSocket.isConnected() ? baseSocket.getInputStream() : null;
	}

	/**
	 * The connection can be used from now on, unless a cancel was quicker.
	 */
	void opened(Lease lease) {
		HttpPoolSettings settings = this.pool.settings();
		long now = System.nanoTime();
		long life = settings.timeToLive().toNanos();
		this.openedAt = now;
		if (life > 0) {
			this.mortal = true;
			this.diesAt = now + life - (long) (life * 0.1 * ThreadLocalRandom.current().nextDouble());
		}
		this.opened = true;
		this.pool.opened(lease, this);
		if (!this.report.compareAndSet(UNOPENED, OPENED)) {
			tellClosed();
		}
	}

	boolean isClosed() {
		return this.state.get() == CLOSED;
	}

	boolean isOpened() {
		return this.opened;
	}

	/**
	 * Close, with the reason that will be reported; the first reason counts.
	 */
	void closeBecause(CloseReason reason, CloseMode mode) {
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

	@Nullable CloseReason closeReason() {
		return this.closeReason;
	}

	@Override
	public boolean isOpen() {
		return this.state.get() != CLOSED && super.isOpen();
	}

	@Override
	public void close() {
		close(CloseMode.GRACEFUL);
	}

	/**
	 * Never blocks: HttpClient closes connections under the lock of the whole pool. A
	 * graceful close of TLS would write, and a write waits for a peer that does not read;
	 * so the socket is closed below TLS.
	 */
	@Override
	public void close(CloseMode mode) {
		int before = this.state.getAndSet(CLOSED);
		if (before == CLOSED) {
			return;
		}
		this.closedAt = System.nanoTime();
		if (mode != CloseMode.IMMEDIATE) {
			closeBaseSocket();
		}
		super.close(CloseMode.IMMEDIATE);
		if (before == IDLE || before == PROBED) {
			leaveIdle();
			because(whyDropped());
		}
		if (this.lease == null) {
			report();
		}
	}

	/**
	 * HttpClient's pool closes an idle connection on its own to make room, or, by the
	 * wall clock, because the housekeeper is late.
	 */
	private CloseReason whyDropped() {
		if (this.pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		CloseReason expiry = expiry(System.nanoTime());
		return (expiry != null) ? expiry : CloseReason.EVICTED;
	}

	private void closeBaseSocket() {
		SocketHolder holder = getSocketHolder();
		if (holder != null) {
			try {
				holder.getBaseSocket().close();
			}
			catch (IOException ex) {
				// It is gone either way.
			}
		}
	}

	private void leaveIdle() {
		Route route = this.route;
		if (route != null) {
			this.pool.leaveIdle(route);
		}
	}

	private void report() {
		int before = this.report.getAndSet(REPORTED);
		if (before == OPENED) {
			tellClosed();
		}
		else if (before == UNOPENED) {
			this.pool.forget(this);
		}
	}

	private void tellClosed() {
		CloseReason reason = this.closeReason;
		this.pool.closed(this, (reason != null) ? reason : CloseReason.ERROR);
	}

	// Exchanges

	@Override
	protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream inputStream) {
		Lease lease = this.lease;
		if (lease == null || length == 0) {
			return super.createContentInputStream(length, buffer, inputStream);
		}
		lease.bodyBegins();
		if (length > 0) {
			return new ContentLengthBody(buffer, inputStream, length, lease);
		}
		return (length == ContentLengthStrategy.CHUNKED) ? new ChunkedBody(buffer, inputStream, lease)
				: new CloseDelimitedBody(buffer, inputStream, lease);
	}

	@Override
	protected OutputStream createContentOutputStream(long length, SessionOutputBuffer buffer, OutputStream outputStream,
			Supplier<List<? extends Header>> trailers) {
		return super.createContentOutputStream(length, buffer, new SlicedOutputStream(outputStream), trailers);
	}

	@Override
	protected void onRequestSubmitted(ClassicHttpRequest request) {
		// The only writer is the thread that holds the lease.
		this.exchanges = this.exchanges + 1;
		super.onRequestSubmitted(request);
	}

	@Override
	public void flush() throws IOException {
		super.flush();
		Lease lease = this.lease;
		if (lease != null) {
			lease.requestSent();
		}
	}

	@Override
	protected void onResponseReceived(ClassicHttpResponse response) {
		super.onResponseReceived(response);
		Lease lease = this.lease;
		if (lease != null) {
			lease.responseStarted(response.getCode());
		}
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
		Route route = this.route;
		return (route != null) ? route.name : "";
	}

	@Nullable Route routeOrNull() {
		return this.route;
	}

	@Nullable Lease leaseOrNull() {
		return this.lease;
	}

	/**
	 * Return how much is left of the time that it may be idle.
	 */
	TimeValue idleLeft(long now) {
		return TimeValue.of(this.opened ? Math.max(0, this.idleUntil - now) : 0, TimeUnit.NANOSECONDS);
	}

	long idleSince() {
		return this.idleSince;
	}

	@Override
	public Duration age() {
		if (!this.opened) {
			return Duration.ZERO;
		}
		long end = (this.state.get() == CLOSED) ? this.closedAt : System.nanoTime();
		return Duration.ofNanos(Math.max(0, end - this.openedAt));
	}

	@Override
	public long exchanges() {
		return this.exchanges;
	}

	/**
	 * Parses as HttpClient does, and remembers the buffer, which is not visible
	 * otherwise.
	 */
	private static final class ResponseParser
			implements HttpMessageParser<ClassicHttpResponse>, HttpMessageParserFactory<ClassicHttpResponse> {

		private final HttpMessageParser<ClassicHttpResponse> delegate = DefaultHttpResponseParserFactory.INSTANCE
			.create();

		private volatile @Nullable SessionInputBuffer buffer;

		@Override
		@Deprecated
		public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
			return this;
		}

		@Override
		public HttpMessageParser<ClassicHttpResponse> create() {
			return this;
		}

		@Override
		public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream inputStream)
				throws IOException, HttpException {
			if (this.buffer == null) {
				this.buffer = buffer;
			}
			return this.delegate.parse(buffer, inputStream);
		}

	}

}
