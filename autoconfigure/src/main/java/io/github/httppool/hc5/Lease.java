package io.github.httppool.hc5;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.LeaseInfo;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.impl.ConnectionHolder;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Identifiable;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A caller's claim on a connection: the wish for one, the connection while it is held,
 * and the return. Ends exactly once.
 */
final class Lease extends ConnectionEndpoint implements LeaseRequest, LeaseInfo, Identifiable {

	// What the caller is doing with the body
	private static final int NO_BODY = 0;

	private static final int OPEN = 1;

	private static final int READING = 2;

	private static final int ENDED = 3;

	private static final int CLOSED = 4;

	/** What a read is said to have returned that has thrown. */
	static final int BROKEN_READ = -2;

	final Route route;

	private final ConnectionPool pool;

	private final String id;

	private final String thread = Thread.currentThread().getName();

	private final Timeout acquireTimeout;

	private final AtomicInteger body = new AtomicInteger(NO_BODY);

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile @Nullable HttpRequest request;

	private volatile @Nullable LeaseRequest waiting;

	private volatile boolean cancelled;

	private volatile boolean shutDown;

	private volatile @Nullable ConnectionEndpoint endpoint;

	private volatile @Nullable PooledConnection connection;

	private volatile long leasedAt;

	private volatile boolean reused;

	/** Whether a response head was read over this connection in this lease. */
	private volatile boolean answered;

	private volatile boolean serverKeeps = true;

	private volatile boolean bodyComplete = true;

	private volatile @Nullable CloseReason failure;

	/** Whether the caller was never told of the connection. */
	private boolean unseen;

	private boolean sent;

	private @Nullable ConnectAttempt attempt;

	Lease(ConnectionPool pool, String id, Route route, Timeout acquireTimeout, @Nullable HttpRequest request) {
		this.pool = pool;
		this.id = id;
		this.route = route;
		this.acquireTimeout = acquireTimeout;
		this.request = request;
	}

	// Getting a connection

	@Override
	public ConnectionEndpoint get(Timeout timeout) throws InterruptedException, ExecutionException, TimeoutException {
		Listeners listeners = this.pool.listeners();
		boolean told = listeners.present();
		if (told) {
			listeners.acquireStarted(this);
		}
		long started = System.nanoTime();
		AcquireOutcome outcome = AcquireOutcome.FAILED;
		long idleNanos = -1;
		try {
			ConnectionEndpoint leased = acquire(started);
			long now = System.nanoTime();
			PooledConnection connection = hold(leased, now);
			if (connection == null) {
				throw shutDown();
			}
			this.reused = connection.isOpened();
			idleNanos = this.reused ? now - connection.idleSince() : -1;
			outcome = this.reused ? AcquireOutcome.REUSED : AcquireOutcome.OPENED;
			return this;
		}
		catch (PoolRefusal ex) {
			outcome = ex.outcome;
			throw new ExecutionException(ex.exception);
		}
		finally {
			this.pool.acquired(this, outcome);
			if (told) {
				listeners.acquireEnded(this, outcome, System.nanoTime() - started, idleNanos);
			}
		}
	}

	private ConnectionEndpoint acquire(long started) throws InterruptedException, PoolRefusal {
		if (this.pool.isClosed()) {
			throw shutDown();
		}
		try {
			return this.pool.request(this, this.acquireTimeout).get(Timeout.ZERO_MILLISECONDS);
		}
		catch (TimeoutException ex) {
			this.pool.requestGivenUp();
			return acquireLater(started);
		}
		catch (CancellationException ex) {
			throw cancelled();
		}
		catch (ExecutionException ex) {
			throw refused(ex);
		}
		catch (IllegalStateException ex) {
			throw closedMeanwhile(ex);
		}
	}

	/**
	 * No connection at once: wait, if that is allowed.
	 */
	private ConnectionEndpoint acquireLater(long started) throws InterruptedException, PoolRefusal {
		if (this.pool.isStopping()) {
			throw shutDown();
		}
		if (!this.pool.enterPending(this)) {
			throw new PoolRefusal(AcquireOutcome.REJECTED,
					Explanation.rejected(this.pool, this.route, this.pool.settings().maxPending()));
		}
		LeaseRequest waiting = null;
		try {
			long left = this.acquireTimeout.toNanoseconds() - (System.nanoTime() - started);
			Timeout timeout = Timeout.of(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)), TimeUnit.MILLISECONDS);
			waiting = this.pool.request(this, timeout);
			this.waiting = waiting;
			if (this.cancelled || this.pool.isStopping()) {
				this.shutDown = !this.cancelled;
				waiting.cancel();
			}
			return waiting.get(timeout);
		}
		catch (TimeoutException ex) {
			this.pool.requestGivenUp();
			throw timedOut();
		}
		catch (CancellationException ex) {
			throw cancelled();
		}
		catch (ExecutionException ex) {
			throw refused(ex);
		}
		catch (IllegalStateException ex) {
			throw closedMeanwhile(ex);
		}
		catch (InterruptedException ex) {
			if (waiting != null) {
				giveBackUnseen(waiting);
			}
			throw ex;
		}
		finally {
			this.waiting = null;
			this.pool.leavePending(this);
		}
	}

	/**
	 * A connection can be assigned at the moment of the interrupt; HttpClient would lose
	 * it (HTTPCORE-795).
	 */
	private void giveBackUnseen(LeaseRequest waiting) {
		if (waiting.cancel()) {
			return;
		}
		long now = System.nanoTime();
		PooledConnection connection;
		try {
			connection = hold(waiting.get(Timeout.ZERO_MILLISECONDS), now);
		}
		catch (InterruptedException | ExecutionException | TimeoutException | CancellationException ex) {
			// There was none.
			return;
		}
		this.unseen = true;
		end((connection != null) ? connection.idleLeft(now) : null);
	}

	/**
	 * Begin to hold a connection.
	 * @return the connection, or {@code null} if the pool was shut down meanwhile
	 */
	private @Nullable PooledConnection hold(ConnectionEndpoint leased, long now) {
		PooledConnection connection = connectionOf(leased);
		if (connection == null) {
			return null;
		}
		this.leasedAt = now;
		this.endpoint = leased;
		this.connection = connection;
		this.pool.held(this);
		connection.lease(this);
		return connection;
	}

	static @Nullable PooledConnection connectionOf(ConnectionEndpoint endpoint) {
		return (PooledConnection) ((ConnectionHolder) endpoint).get();
	}

	private PoolRefusal timedOut() {
		return new PoolRefusal(AcquireOutcome.TIMEOUT,
				Explanation.timedOut(this.pool, this.route, this.acquireTimeout.toDuration()));
	}

	private PoolRefusal shutDown() {
		return new PoolRefusal(AcquireOutcome.FAILED, Explanation.shutDown(this.pool, this.route));
	}

	private PoolRefusal cancelled() throws InterruptedException {
		if (this.shutDown || this.pool.isClosed()) {
			return shutDown();
		}
		if (this.cancelled) {
			// As an interrupt it would outlive this call in a thread that nobody
			// interrupted.
			return new PoolRefusal(AcquireOutcome.FAILED, new RequestFailedException("Request aborted"));
		}
		// Interrupted while waiting for the lock of the pool.
		Thread.interrupted();
		throw new InterruptedException("The wait for a connection was cancelled");
	}

	private PoolRefusal closedMeanwhile(IllegalStateException ex) {
		if (this.pool.isClosed()) {
			return shutDown();
		}
		throw ex;
	}

	private PoolRefusal refused(ExecutionException ex) {
		if (this.pool.isClosed()) {
			return shutDown();
		}
		Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
		if (cause instanceof TimeoutException) {
			// The lock of the pool was not to be had in time.
			return timedOut();
		}
		return new PoolRefusal(AcquireOutcome.FAILED, new IOException(cause.getMessage(), cause));
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

	// Holding it

	ConnectionEndpoint endpoint() {
		ConnectionEndpoint endpoint = this.endpoint;
		if (endpoint == null) {
			throw new IllegalStateException("No connection was leased");
		}
		return endpoint;
	}

	/**
	 * HttpClient makes a new connection for the same lease when the first one was closed
	 * between two exchanges; also when a cancel or the end of the pool closed it, and
	 * then the new one would belong to nobody.
	 */
	void reconnected(PooledConnection connection) throws IOException {
		PooledConnection before = this.connection;
		if (before != connection) {
			this.connection = connection;
			this.bodyComplete = true;
			this.failure = null;
			this.reused = false;
			this.answered = false;
			connection.lease(this);
			if (before != null) {
				before.because(CloseReason.SERVER_CLOSE);
				before.endLease();
			}
			if (this.ended.get()) {
				connection.closeBecause(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
				connection.endLease();
				throw new ConnectionClosedException("The call was given up before it was connected");
			}
		}
	}

	/**
	 * Make room for another connection in the place of a closed one: HttpClient would
	 * bind that again.
	 */
	void discardClosed() {
		PooledConnection connection = this.connection;
		if (connection != null && connection.isClosed()) {
			endpoint().close(CloseMode.IMMEDIATE);
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient asks before each exchange. After a challenge the next one begins within
	 * the same lease, so the check before a lease is due here.
	 */
	@Override
	public boolean isConnected() {
		PooledConnection connection = this.connection;
		if (connection == null || !endpoint().isConnected()) {
			return false;
		}
		boolean betweenExchanges = this.answered && this.bodyComplete;
		return !betweenExchanges || connection.isFitForFurtherExchange();
	}

	@Override
	public void setSocketTimeout(Timeout timeout) {
		endpoint().setSocketTimeout(timeout);
	}

	@Override
	public @Nullable EndpointInfo getInfo() {
		ConnectionEndpoint endpoint = this.endpoint;
		return (endpoint != null) ? endpoint.getInfo() : null;
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
		requireTunnel(request);
		this.request = request;
		this.answered = false;
		this.serverKeeps = true;
		this.sent = false;
		// From here on the strategies that HttpClient asks find the lease in the context.
		HttpClientContext.cast(context).setUserToken(this);
		try {
			return endpoint().execute(id, request, executor, context);
		}
		catch (IOException ex) {
			throw exchangeFailed(ex);
		}
		catch (HttpException | RuntimeException ex) {
			this.failure = CloseReason.ERROR;
			throw ex;
		}
		catch (Error ex) {
			// HttpClient would not release it (HTTPCLIENT-1924).
			this.failure = CloseReason.ERROR;
			close(CloseMode.IMMEDIATE);
			end(null);
			throw ex;
		}
	}

	/**
	 * HttpClient opens a connection again that was closed just before the exchange, to
	 * the proxy and without the tunnel: what belongs into the tunnel must not go there.
	 */
	private void requireTunnel(ClassicHttpRequest request) throws IOException {
		PooledConnection connection = this.connection;
		if (this.route.httpRoute.isTunnelled() && this.route.httpRoute.isSecure()
				&& !Method.CONNECT.isSame(request.getMethod()) && connection != null
				&& connection.getSSLSession() == null) {
			this.failure = CloseReason.ERROR;
			throw new ConnectionClosedException(
					"The tunnel to " + this.route + " was closed before the request was sent");
		}
	}

	/**
	 * The connection speaks TLS from now on, and what the server sends to set it up is no
	 * surplus.
	 */
	void upgraded() {
		this.answered = false;
	}

	private IOException exchangeFailed(IOException ex) {
		if (this.pool.isClosed()) {
			this.failure = CloseReason.SHUTDOWN;
			return Explanation.cutOff(this.pool, this.route, ex);
		}
		if (ex instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
			this.failure = CloseReason.CANCELLED;
		}
		else if (this.reused && !this.answered && !(ex instanceof SocketTimeoutException)
				&& (ex instanceof NoHttpResponseException || ex instanceof java.net.SocketException)) {
			this.failure = CloseReason.STALE;
		}
		else {
			this.failure = CloseReason.ERROR;
		}
		return (ex instanceof SocketTimeoutException timeout) ? Explanation.silent(this.pool, this.route, timeout) : ex;
	}

	void requestSent() {
		if (!this.sent) {
			this.sent = true;
			if (this.pool.listeners().present()) {
				this.pool.listeners().requestSent(this);
			}
		}
	}

	void connectFailed() {
		this.failure = Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR;
	}

	void responseStarted(int status) {
		if (status >= 200) {
			this.answered = true;
			if (this.pool.listeners().present()) {
				this.pool.listeners().responseStarted(this, status);
			}
		}
	}

	/**
	 * The response says that its connection cannot be kept.
	 */
	void serverCloses() {
		this.serverKeeps = false;
	}

	// Reading the body

	void bodyBegins() {
		this.bodyComplete = false;
		this.body.set(OPEN);
	}

	/**
	 * Enter a read of the body.
	 * @return {@code false} if there is nothing left
	 */
	boolean beginRead() throws IOException {
		if (this.body.compareAndSet(OPEN, READING)) {
			return true;
		}
		return switch (this.body.get()) {
			case ENDED -> false;
			case READING -> throw new IOException("The body is being read by another thread");
			default -> throw new StreamClosedException();
		};
	}

	void endRead(int read, boolean complete) {
		if (read == BROKEN_READ && this.failure == null) {
			// An Error: nobody knows how much was read.
			this.failure = CloseReason.ERROR;
		}
		if (complete && this.failure == null) {
			this.bodyComplete = true;
			this.body.compareAndSet(READING, ENDED);
		}
		else {
			this.body.compareAndSet(READING, OPEN);
		}
	}

	IOException bodyFailed(IOException ex) {
		return exchangeFailed(ex);
	}

	/**
	 * End the body, drained or not. Returns within the bounds of the drain.
	 * @param unread the body, or {@code null} if it is not worth draining
	 */
	void closeBody(@Nullable Body unread) {
		int before = this.body.getAndSet(CLOSED);
		PooledConnection connection = this.connection;
		if (before == CLOSED || before == ENDED || connection == null) {
			return;
		}
		if (before == READING) {
			// Closed by another thread than the one that reads: an abort, not a drain.
			connection.closeBecause(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
		}
		else if (this.failure != null || !connection.isOpen()) {
			connection.close(CloseMode.IMMEDIATE);
		}
		else if (unread == null || !this.serverKeeps || !this.pool.settings().keepAlive()) {
			connection.closeBecause(CloseReason.SERVER_CLOSE, CloseMode.IMMEDIATE);
		}
		else {
			drain(unread, connection);
		}
	}

	private void drain(Body unread, PooledConnection connection) {
		long started = System.nanoTime();
		Drain drain = new Drain(unread, connection, this.pool);
		DrainOutcome outcome = drain.run(started);
		switch (outcome) {
			case REUSED -> this.bodyComplete = true;
			case TOO_LARGE -> connection.closeBecause(CloseReason.DRAIN_BYTES, CloseMode.IMMEDIATE);
			case TOO_SLOW -> connection.closeBecause(CloseReason.DRAIN_TIME, CloseMode.IMMEDIATE);
			case FAILED -> connection.closeBecause(
					Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR,
					CloseMode.IMMEDIATE);
		}
		this.pool.drained(outcome);
		if (this.pool.listeners().present()) {
			this.pool.listeners().drained(this, outcome, drain.bytes(), System.nanoTime() - started);
		}
	}

	// Giving it back

	/**
	 * Called by HttpClient when it discards the endpoint, also from another thread.
	 */
	@Override
	public void close(CloseMode mode) {
		PooledConnection connection = this.connection;
		if (connection == null || this.ended.get()) {
			// The connection may serve somebody else now.
			return;
		}
		CloseReason reason = whyGivenUp();
		connection.because(reason);
		boolean orderly = reason == CloseReason.SERVER_CLOSE;
		ConnectionEndpoint endpoint = this.endpoint;
		if (endpoint != null) {
			endpoint.close(orderly ? CloseMode.GRACEFUL : mode);
		}
	}

	/**
	 * Called by HttpClient between two exchanges, where the server closes after the
	 * first.
	 */
	@Override
	public void close() {
		PooledConnection connection = this.connection;
		if (connection != null && !this.serverKeeps && !this.ended.get()) {
			connection.because(CloseReason.SERVER_CLOSE);
		}
		close(CloseMode.GRACEFUL);
	}

	private CloseReason whyGivenUp() {
		CloseReason failure = this.failure;
		if (failure != null) {
			return failure;
		}
		if (this.pool.isClosed()) {
			return CloseReason.SHUTDOWN;
		}
		if (this.answered && this.bodyComplete && (!this.serverKeeps || this.body.get() != NO_BODY)) {
			// HttpClient does so where the reuse strategy said no. Before the body has
			// begun, it is a cancel.
			return CloseReason.SERVER_CLOSE;
		}
		return CloseReason.CANCELLED;
	}

	/**
	 * Give the connection back; only the first call counts.
	 * @param keepAlive how long the server may be expected to keep it, or {@code null} if
	 * it is not to be kept
	 */
	void end(@Nullable TimeValue keepAlive) {
		ConnectionEndpoint endpoint = this.endpoint;
		if (endpoint == null || !this.ended.compareAndSet(false, true)) {
			return;
		}
		// Read after the end is known: a connection that comes later closes itself.
		PooledConnection connection = connection();
		if (connection == null) {
			return;
		}
		long now = System.nanoTime();
		CloseReason notKept = CloseReason.ERROR;
		try {
			long idleNanos = this.pool.idleNanos(keepAlive);
			notKept = connection.isOpen() ? whyNotKept(connection, now, idleNanos) : closeReason(connection);
			if (notKept == null) {
				connection.becomeIdle(now, idleNanos);
			}
			else {
				this.pool.unheld(this);
				connection.closeBecause(notKept,
						(notKept == CloseReason.UNSOLICITED_DATA) ? CloseMode.IMMEDIATE : CloseMode.GRACEFUL);
			}
		}
		finally {
			this.pool.giveBack(endpoint, notKept == null);
			if (this.pool.listeners().present() && !this.unseen) {
				this.pool.listeners().released(this, notKept);
			}
			if (notKept != null) {
				connection.endLease();
			}
		}
		if (notKept == null) {
			keepWatched(connection, now);
		}
	}

	/**
	 * A stop, an eviction or a resize can have passed by between the look at the
	 * connection and the moment at which it was idle.
	 */
	private void keepWatched(PooledConnection connection, long now) {
		if (this.pool.isStopping()) {
			connection.closeIfIdle(CloseReason.SHUTDOWN);
		}
		else if (connection.isEvicted() || this.pool.isAboveLimits(this.route)) {
			this.pool.closeIdle(CloseReason.EVICTED);
		}
		else {
			this.pool.sweepFor(connection, now);
		}
	}

	private @Nullable CloseReason whyNotKept(PooledConnection connection, long now, long idleNanos) {
		if (this.failure != null) {
			return this.failure;
		}
		if (!connection.isConsistent()) {
			return CloseReason.ERROR;
		}
		if (!this.bodyComplete) {
			return CloseReason.CANCELLED;
		}
		if (connection.hasSurplus()) {
			return CloseReason.UNSOLICITED_DATA;
		}
		if (idleNanos <= 0 || !this.serverKeeps) {
			return CloseReason.SERVER_CLOSE;
		}
		if (this.pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		if (connection.isEvicted() || this.pool.isAboveLimits(this.route)) {
			return CloseReason.EVICTED;
		}
		if (connection.isPastItsLife(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return this.pool.tryKeep(this) ? null : CloseReason.MAX_IDLE;
	}

	private CloseReason closeReason(PooledConnection connection) {
		CloseReason reason = connection.closeReason();
		return (reason != null) ? reason : whyGivenUp();
	}

	// Description

	@Override
	public String pool() {
		return this.pool.name();
	}

	@Override
	public String route() {
		return this.route.name;
	}

	@Override
	public @Nullable String call() {
		HttpRequest request = this.request;
		if (request == null) {
			return null;
		}
		String path = request.getPath();
		int query = (path != null) ? path.indexOf('?') : -1;
		return request.getMethod() + " " + ((query >= 0) ? path.substring(0, query) : path);
	}

	@Override
	public String thread() {
		return this.thread;
	}

	@Override
	public Duration heldFor() {
		return (this.leasedAt != 0) ? Duration.ofNanos(System.nanoTime() - this.leasedAt) : Duration.ZERO;
	}

	@Nullable HttpRequest request() {
		return this.request;
	}

	@Nullable PooledConnection connection() {
		return this.connection;
	}

	@Nullable ConnectAttempt attempt() {
		return this.attempt;
	}

	void attempt(@Nullable ConnectAttempt attempt) {
		this.attempt = attempt;
	}

	long leasedAt() {
		return this.leasedAt;
	}

	@Override
	public String getId() {
		return this.id;
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
