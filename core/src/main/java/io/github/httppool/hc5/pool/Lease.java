package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.CloseReason;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.observe.LeaseView;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.impl.ConnectionShutdownException;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Identifiable;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A caller's claim on a connection, from the {@linkplain AcquireRequest wish} for one
 * until it is given back. Ends exactly once.
 */
public final class Lease extends ConnectionEndpoint implements LeaseView, Identifiable {

	private static final int LONGEST_PATH = 100;

	private static final int HELD = 0;

	/**
	 * Another thread closes the connection, which is not another's before that is over.
	 */
	private static final int CLOSING = 1;

	private static final int ENDED = 2;

	/** Changes only while the caller has no connection yet. */
	public Route route;

	public final Exchange exchange;

	private final ConnectionPool pool;

	private final String id;

	private final String thread = nameOf(Thread.currentThread());

	private final AtomicInteger state = new AtomicInteger(HELD);

	/** {@code null} for a call that nobody is told of. */
	private final @Nullable Call call;

	/** {@code null} for a call without one. */
	private final @Nullable CallDeadline deadline;

	/** What the caller tells its connections apart by, or {@code null}. */
	private volatile @Nullable Object userToken;

	/** Whether the same call had an earlier lease, for example before a redirect. */
	private final boolean followsUp;

	/** Whether an idle connection will not do, because another one was stale. */
	private final boolean afterStale;

	private volatile @Nullable PooledConnection connection;

	private volatile long leasedAt;

	/** Listeners are told of the end later, some of them much later. */
	private volatile long heldUntil;

	private volatile boolean reused;

	/** Where leases that are held for too long are reported. */
	private volatile @Nullable LeakTask watch;

	/** Known to the housekeeper alone. */
	private boolean leakCounted;

	/** Whether the caller was never told of the connection. */
	private boolean unseen;

	private @Nullable ConnectAttempt attempt;

	private @Nullable String whyNotReplayed;

	/** How often a proxy asked for a login. */
	private int challenges;

	/** As HttpClient sets it before each exchange, if at all. */
	private volatile @Nullable Timeout responseTimeout;

	/**
	 * Create a claim.
	 * @param known what the context knows of the call: its request, as {@code CallExec}
	 * leaves it, its deadline, its identity, or the lease before this one
	 */
	public Lease(ConnectionPool pool, String id, Route route, @Nullable Object known) {
		Object call = StatefulCall.call(known);
		this.userToken = StatefulCall.userToken(known);
		this.pool = pool;
		this.id = id;
		this.route = route;
		Lease before = (call instanceof Lease lease) ? lease : null;
		this.call = (before != null) ? before.call : (call instanceof Call told) ? told : null;
		this.deadline = CallDeadline.of(call);
		this.followsUp = before != null;
		this.afterStale = before != null && before.wasStale();
		this.exchange = new Exchange(pool, this, this.deadline, request(call));
	}

	private static @Nullable HttpRequest request(@Nullable Object call) {
		if (call instanceof Lease before) {
			return before.exchange.request();
		}
		if (call instanceof Call told) {
			return told.request;
		}
		return (call instanceof CallDeadline deadline) ? deadline.request()
				: (call instanceof HttpRequest known) ? known : null;
	}

	// Holding it

	/**
	 * The pool has forgotten the route since it was looked up.
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
		if (this.call != null) {
			this.call.holds();
		}
		if (this.afterStale && this.reused) {
			// After a restart of the server all idle connections are stale, some of them
			// not yet visibly.
			connection.closeBecause(CloseReason.EVICTED, CloseMode.IMMEDIATE);
			this.reused = false;
		}
		if (this.deadline != null) {
			this.deadline.holds(this);
		}
		Duration threshold = this.pool.settings().leakDetectionThreshold();
		if (threshold != null) {
			this.watch = LeakTask.start(this, this.pool, threshold);
		}
	}

	boolean isFollowUp() {
		return this.followsUp;
	}

	public boolean isReused() {
		return this.reused;
	}

	/**
	 * Take the connection away from a call whose time is over.
	 */
	public void overdue() {
		held().closeBecause(CloseReason.ERROR, CloseMode.IMMEDIATE);
	}

	/**
	 * Take a new connection in the place of one that was closed between two exchanges, if
	 * it is not the same. Where a cancel or the end of the pool closed the first one, the
	 * new one would belong to nobody.
	 */
	void reconnected(PooledConnection connection) throws IOException {
		PooledConnection before = held();
		if (before != connection) {
			CloseReason failure = this.exchange.failure();
			this.connection = connection;
			this.reused = false;
			this.exchange.reset();
			connection.lease(this);
			before.because((failure != null) ? failure : CloseReason.SERVER_CLOSE);
			before.endLease();
			if (hasEnded()) {
				connection.closeBecause(CloseReason.CANCELLED, CloseMode.IMMEDIATE);
				connection.endLease();
				throw new RequestFailedException(
						"The call to %s was given up before it was connected (pool '%s')".formatted(route(), pool()));
			}
		}
		if (this.deadline != null) {
			// Seen by the deadline, or sees that it has passed.
			this.deadline.check();
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
		PooledConnection connection = held();
		if (!connection.isOpen()) {
			return false;
		}
		CloseReason failure = this.exchange.failure();
		if (failure != null) {
			// After a misframed response, where a reuse strategy of the user's keeps it.
			connection.closeBecause(failure, CloseMode.IMMEDIATE);
			return false;
		}
		return !this.exchange.isOver() || connection.isFitForFurtherExchange();
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
		// From here on the strategies that HttpClient asks find the lease in the context.
		takeUserToken(HttpClientContext.cast(context).getUserToken());
		HttpClientContext.cast(context).setUserToken(this);
		try {
			return TunnelRequest.is(request) ? TunnelRequest.execute(this.pool, this, id, request, executor, context)
					: executor.execute(request, open(), context);
		}
		catch (ProxyRefusedException ex) {
			this.pool.reporter().connectFailed(this, ex);
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
			// An Error, or a checked exception that nobody declared: HttpClient would not
			// release it (HTTPCLIENT-1924).
			this.exchange.failed(CloseReason.ERROR);
			this.exchange.notifyFailed(ex);
			close(CloseMode.IMMEDIATE);
			end(null);
			throw ex;
		}
	}

	public void connectFailed() {
		this.exchange.failed(Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR);
	}

	public boolean wasStale() {
		return this.exchange.failure() == CloseReason.STALE;
	}

	/**
	 * Return how long the server may be silent, or {@code null} if that is not known.
	 */
	public @Nullable Duration responseTimeout() {
		Timeout timeout = this.responseTimeout;
		return TimeValue.isPositive(timeout) ? timeout.toDuration() : null;
	}

	@Override
	public RouteStats routeStats() {
		return this.route;
	}

	@Override
	public boolean isUnattended() {
		return this.exchange.isUnattended();
	}

	public void notReplayed(String reason) {
		this.whyNotReplayed = reason;
	}

	/**
	 * Return why the request was not sent again over another connection, if anybody
	 * thought of it.
	 */
	public @Nullable String whyNotReplayed() {
		return this.whyNotReplayed;
	}

	/**
	 * Return what the caller tells its connections apart by, or {@code null}.
	 */
	public @Nullable Object userToken() {
		return this.userToken;
	}

	/**
	 * Use the token that the caller has set in the meantime, if any.
	 */
	public void takeUserToken(@Nullable Object known) {
		Object token = (known != this) ? StatefulCall.userToken(known) : null;
		if (token != null) {
			this.userToken = token;
		}
	}

	/**
	 * The caller logs the connection in.
	 */
	public void logsIn() {
		held().becomePersonal();
	}

	/**
	 * Count a challenge of a proxy.
	 * @return {@code false} if there were too many
	 */
	public boolean mayLogIn(int most) {
		return ++this.challenges <= most;
	}

	// Giving it back

	/**
	 * Called by HttpClient when it discards the endpoint, also from another thread.
	 */
	@Override
	public void close(CloseMode mode) {
		if (!this.state.compareAndSet(HELD, CLOSING)) {
			// The connection may serve somebody else now, or is being closed.
			return;
		}
		try {
			CloseReason reason = this.exchange.whyGivenUp();
			held().because(reason);
			held().close((reason == CloseReason.SERVER_CLOSE) ? CloseMode.GRACEFUL : mode);
		}
		finally {
			this.state.set(HELD);
		}
	}

	/**
	 * Called by HttpClient between two exchanges, where the server closes after the
	 * first.
	 */
	@Override
	public void close() {
		if (!this.exchange.hasFailed() && !this.exchange.isServerKeeping() && !hasEnded()) {
			held().because(CloseReason.SERVER_CLOSE);
		}
		close(CloseMode.GRACEFUL);
	}

	/**
	 * Give back a connection that the caller was never told of.
	 */
	public void endUnseen() {
		this.unseen = true;
		end(null);
	}

	/**
	 * Give the connection back; only the first call counts.
	 * @param keepAlive how long the server may be expected to keep it, or {@code null} if
	 * it is not to be kept
	 */
	public void end(@Nullable TimeValue keepAlive) {
		if (!claimEnd()) {
			return;
		}
		// Read after the end is known: a connection that comes later closes itself.
		PooledConnection connection = held();
		if (this.deadline != null && !this.deadline.leaseEnds(this)) {
			this.exchange.failed(CloseReason.ERROR);
		}
		long now = System.nanoTime();
		this.heldUntil = now;
		long idleNanos = this.pool.inForce().idleNanos(keepAlive);
		CloseReason notKept = CloseReason.ERROR;
		try {
			notKept = connection.isOpen() ? whyNotKept(connection, now, idleNanos) : closeReason(connection);
		}
		finally {
			leave(connection, notKept, now, idleNanos);
			if (this.deadline != null) {
				this.deadline.watchInterrupts();
			}
		}
		if (notKept == null) {
			keepWatched(connection, now);
		}
		if (!this.unseen) {
			this.route.traffic.held.add(now - this.leasedAt);
		}
		LeakTask watch = this.watch;
		if (watch != null && !this.pool.housekeeper().unwatch(watch) && watch.hasReported()) {
			this.pool.leaks().cameBack(this);
		}
	}

	private boolean claimEnd() {
		while (!this.state.compareAndSet(HELD, ENDED)) {
			if (hasEnded()) {
				return false;
			}
			Thread.yield();
		}
		return true;
	}

	public boolean hasEnded() {
		return this.state.get() == ENDED;
	}

	// The call, where somebody is told of it

	void readBegins() {
		if (this.call != null) {
			this.call.readBegins();
		}
	}

	void readEnded() {
		if (this.call != null) {
			this.call.readEnded();
		}
	}

	/**
	 * Return whether the end of the call was told.
	 */
	boolean isOfCallThatIsOver() {
		return this.call != null && this.call.isOver();
	}

	/**
	 * Give the connection back in the place of a caller who cannot do so any more. Called
	 * by the housekeeper.
	 */
	public void endIfLost(long now) {
		// Not where another thread is closing it: that may take its time.
		if (!this.exchange.isLost() || this.state.get() != HELD) {
			return;
		}
		try {
			LeakTask watch = this.watch;
			this.pool.leaks().lost(this, (watch != null) ? watch.caller() : null, now);
		}
		finally {
			this.exchange.failedUnlessBefore(CloseReason.LEAK);
			end(null);
		}
	}

	/**
	 * Remember that this lease was counted as a leak. Called by the housekeeper.
	 * @return {@code false} if it was so before
	 */
	public boolean countAsLeak() {
		boolean first = !this.leakCounted;
		this.leakCounted = true;
		return first;
	}

	private void leave(PooledConnection connection, @Nullable CloseReason notKept, long now, long idleNanos) {
		boolean handedOver = notKept == CloseReason.MAX_IDLE && connection.tryHandOver(now, idleNanos);
		CloseReason closed = handedOver ? null : notKept;
		try {
			if (closed != null) {
				close(connection, closed);
			}
			else if (!handedOver) {
				connection.becomeIdle(now, idleNanos);
			}
		}
		finally {
			if (this.pool.listeners().present() && !this.unseen) {
				this.pool.listeners().released(this, closed);
			}
			if (closed != null) {
				connection.endLease();
			}
			if (this.call != null) {
				this.call.leaseEnded();
			}
		}
	}

	private void close(PooledConnection connection, CloseReason reason) {
		try {
			boolean unread = reason == CloseReason.UNSOLICITED_DATA || reason == CloseReason.LEAK;
			connection.closeBecause(reason, unread ? CloseMode.IMMEDIATE : CloseMode.GRACEFUL);
		}
		finally {
			this.pool.book().free(this.route.slots);
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
		else if (connection.isEvicted() || this.pool.limits().isExceeded(this.route)) {
			this.pool.closeIdle(CloseReason.EVICTED);
		}
		else {
			this.pool.sweepFor(connection, now);
		}
	}

	private @Nullable CloseReason whyNotKept(PooledConnection connection, long now, long idleNanos) {
		CloseReason failure = this.exchange.failure();
		if (failure != null) {
			return failure;
		}
		if (!connection.isConsistent()) {
			return CloseReason.ERROR;
		}
		if (!this.exchange.isBodyComplete()) {
			return CloseReason.CANCELLED;
		}
		if (connection.hasSurplus()) {
			return CloseReason.UNSOLICITED_DATA;
		}
		if (idleNanos <= 0 || !this.exchange.isServerKeeping()) {
			return CloseReason.SERVER_CLOSE;
		}
		if (this.pool.isStopping()) {
			return CloseReason.SHUTDOWN;
		}
		boolean personal = connection.isPersonal() && this.userToken == null;
		if (personal) {
			this.route.traffic.loggedIn.increment();
		}
		if (personal || connection.isEvicted() || this.pool.limits().isExceeded(this.route)) {
			return CloseReason.EVICTED;
		}
		if (connection.isPastItsLife(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return this.pool.book().tryReserveIdle(this.route.slots, this.pool.limits().maxIdlePerRoute(this.route)) ? null
				: CloseReason.MAX_IDLE;
	}

	private CloseReason closeReason(PooledConnection connection) {
		CloseReason reason = connection.closeReason();
		return (reason != null) ? reason : this.exchange.whyGivenUp();
	}

	// Description

	@Override
	public long callId() {
		return (this.call != null) ? this.call.id() : 0;
	}

	@Override
	public @Nullable PooledConnectionInfo connection() {
		return this.connection;
	}

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
		HttpRequest request = this.exchange.request();
		return (request != null) ? describe(request) : null;
	}

	/**
	 * Return method and path of a request, without its query. Of a path of any length, as
	 * much as a line of a log takes.
	 */
	public static String describe(HttpRequest request) {
		String path = String.valueOf(request.getPath());
		int query = path.indexOf('?');
		return request.getMethod() + " "
				+ MessageLines.shortened((query >= 0) ? path.substring(0, query) : path, LONGEST_PATH);
	}

	@Override
	public String thread() {
		// A name with a line break would pass for a line of the log.
		return MessageLines.inOneLine(this.thread);
	}

	/** Virtual threads have no name unless somebody gives them one. */
	private static String nameOf(Thread thread) {
		String name = thread.getName();
		return !name.isEmpty() ? name : thread.toString();
	}

	@Override
	public Duration heldFor() {
		if (this.leasedAt == 0) {
			return Duration.ZERO;
		}
		long end = this.heldUntil;
		return Duration.ofNanos(((end != 0) ? end : System.nanoTime()) - this.leasedAt);
	}

	public @Nullable CallDeadline deadline() {
		return this.deadline;
	}

	/**
	 * Return the connection, which a lease has from the moment on that it is held.
	 */
	public PooledConnection held() {
		return Objects.requireNonNull(this.connection, "No connection was leased");
	}

	/**
	 * Return the connection, which must be open.
	 */
	PooledConnection open() throws ConnectionShutdownException {
		PooledConnection connection = held();
		if (!connection.isOpen()) {
			throw new ConnectionShutdownException();
		}
		return connection;
	}

	public ConnectAttempt attempt() {
		return Objects.requireNonNull(this.attempt, "Nothing is being opened");
	}

	public void attempt(ConnectAttempt attempt) {
		this.attempt = attempt;
	}

	public long leasedAt() {
		return this.leasedAt;
	}

	@Override
	public String getId() {
		return this.id;
	}

}
