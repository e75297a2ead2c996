package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ReusePolicy;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.SharedLookups;
import io.github.httppool.hc5.observe.ConnectExplanation;
import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.observe.Counters;
import io.github.httppool.hc5.observe.CurrentFindings;
import io.github.httppool.hc5.observe.EventLog;
import io.github.httppool.hc5.observe.FindingReports;
import io.github.httppool.hc5.observe.JfrEvents;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.LogWriter;
import io.github.httppool.hc5.observe.OpeningRate;
import io.github.httppool.hc5.observe.PoolView;
import io.github.httppool.hc5.observe.Samples;
import io.github.httppool.hc5.observe.Sampling;
import io.github.httppool.hc5.observe.SettingsChange;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import io.github.httppool.hc5.observe.SilentConnections;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HttpClient's pool with what it lacks: a limit for those who wait, numbers, reasons, and
 * an owner who alone may close it. Knows every lease and every connection.
 */
public final class ConnectionPool implements PoolView, HttpClientConnectionManager {

	/** So many requests that were given up may lie in the queue of HttpClient's pool. */
	private static final int MANY_REQUESTS = 1000;

	/** The connection request timeout of request configurations that do not set one. */
	private static final Timeout UNSAID_TIMEOUT = RequestConfig.DEFAULT.getConnectionRequestTimeout();

	private static final Logger poolLog = LoggerFactory.getLogger(PoolingHttpClientConnectionManager.class);

	private static final AtomicLong CONNECTION_NUMBER = new AtomicLong();

	private final String name;

	/** What clients are built with. */
	private final ActiveSettings made;

	private volatile ActiveSettings inForce;

	private final Listeners listeners;

	private final Counters counters = new Counters();

	private final OpeningRate openings = new OpeningRate(System.nanoTime());

	private final Routes routes = new Routes(this::newRoute, this::dropExpired);

	private final Set<PooledConnection> connections = ConcurrentHashMap.newKeySet();

	/** {@code null} for none. */
	private final @Nullable ProxyRoutePlanner proxies;

	private final PendingAcquires waiting;

	private final AtomicInteger requestsGivenUp = new AtomicInteger();

	private final ConnectionCounts tally = new ConnectionCounts();

	private final AtomicInteger generation = new AtomicInteger();

	private final Housekeeper housekeeper;

	private final SharedLookups lookups;

	private final LeakReports leaks = new LeakReports(this);

	private final EventLog events = new EventLog();

	private final Samples samples;

	private final CurrentFindings findings;

	private final PoolingHttpClientConnectionManager delegate;

	private final PoolLimits limits;

	/** What was given back first would have to be leased first otherwise. */
	private final boolean keepsAtHand;

	private volatile long listedUntil = System.nanoTime();

	/** Whether a connection that was kept may have been closed. */
	private volatile boolean idleClosed;

	private volatile boolean stopping;

	private volatile boolean closed;

	public ConnectionPool(String name, HttpPoolSettings settings, Listeners listeners, ConnectionsBuilder builder) {
		this(name, settings, listeners, builder, Sampling.DEFAULT);
	}

	public ConnectionPool(String name, HttpPoolSettings settings, Listeners listeners, ConnectionsBuilder builder,
			Sampling sampling) {
		this.name = name;
		this.made = new ActiveSettings(settings);
		this.inForce = this.made;
		this.listeners = listeners;
		this.proxies = ProxyRoutePlanner.of(name, settings.proxy());
		this.waiting = new PendingAcquires(settings.maxPending());
		this.keepsAtHand = settings.reusePolicy() == ReusePolicy.LIFO;
		this.samples = new Samples(this, sampling);
		this.lookups = new SharedLookups(name);
		this.findings = new CurrentFindings(this.samples);
		this.housekeeper = new Housekeeper(name,
				new Housekeeping(new IdleReaper(this, this.connections, this.routes), this.samples,
						new FindingReports(name, this.events, listeners.log()), this.findings),
				this.connections::size, listeners.log().warnings(Housekeeper.class));
		this.delegate = builder.build(this);
		this.limits = new PoolLimits(settings, this.delegate, this.tally, this.routes);
	}

	// As HttpClient sees it

	/**
	 * {@inheritDoc}
	 * @param state the call from the context, or any other object
	 */
	@Override
	public LeaseRequest lease(String id, HttpRoute httpRoute, @Nullable Timeout requestTimeout,
			@Nullable Object state) {
		long now = System.nanoTime();
		Route route = route(httpRoute);
		route.lastUsed = now;
		if (route.forgotten) {
			route = route(httpRoute);
			route.lastUsed = now;
		}
		boolean own = requestTimeout != this.made.acquireTimeout && requestTimeout != UNSAID_TIMEOUT
				&& TimeValue.isPositive(requestTimeout);
		return new AcquireRequest(this, new Lease(this, id, route, state),
				own ? requestTimeout : this.inForce.acquireTimeout, now);
	}

	/**
	 * Return the time limit of an exchange.
	 * @param requestTimeout as the request has it
	 */
	Timeout responseTimeout(Timeout requestTimeout) {
		return (requestTimeout != this.made.responseTimeout) ? requestTimeout : this.inForce.responseTimeout;
	}

	private Route newRoute(HttpRoute httpRoute) {
		Route route = new Route(httpRoute, (this.proxies != null) ? this.proxies.socks(httpRoute) : null);
		this.limits.applyTo(route);
		return route;
	}

	public Route route(HttpRoute httpRoute) {
		return this.routes.get(httpRoute);
	}

	public @Nullable ProxyRoutePlanner proxies() {
		return this.proxies;
	}

	@Override
	public void release(ConnectionEndpoint endpoint, @Nullable Object newState, @Nullable TimeValue validDuration) {
		Lease lease = (Lease) endpoint;
		lease.takeUserToken(newState);
		lease.end(validDuration);
	}

	@Override
	public void connect(ConnectionEndpoint endpoint, @Nullable TimeValue connectTimeout, HttpContext context)
			throws IOException {
		Lease lease = (Lease) endpoint;
		HttpClientContext.cast(context).setUserToken(lease);
		lease.discardClosed();
		Lease outer = Connector.serve(lease);
		try {
			if (lease.route.httpRoute.getTargetHost().getPort() == 0) {
				throw ConnectExplanation.noPort(this, lease.route);
			}
			this.delegate.connect(lease.endpoint(), connectTimeout, context);
			if (!lease.route.httpRoute.isLayered()) {
				this.listeners.calls().opened(lease);
			}
		}
		catch (ConnectionNotMade ex) {
			throw ex.error;
		}
		catch (Throwable ex) {
			connectFailed(lease, ex);
			if (this.closed && !(ex instanceof Error)) {
				throw ShutdownExplanation.cutOff(this, lease.route, ex);
			}
			throw ex;
		}
		finally {
			Connector.serve(outer);
		}
	}

	@Override
	public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
		Lease lease = (Lease) endpoint;
		HttpClientContext.cast(context).setUserToken(lease);
		Lease outer = Connector.serve(lease);
		try {
			this.delegate.upgrade(lease.endpoint(), context);
			lease.exchange.upgraded();
			this.listeners.calls().opened(lease);
		}
		catch (Throwable ex) {
			connectFailed(lease, ex);
			throw ex;
		}
		finally {
			Connector.serve(outer);
		}
	}

	void connectFailed(Lease lease, Throwable failure) {
		lease.connectFailed();
		JfrEvents.connectEnded(lease, failure);
		if (!this.closed && lease.exchange.failure() != CloseReason.CANCELLED
				&& lease.held().closeReason() != CloseReason.CANCELLED) {
			lease.route.traffic.connectFailed(failure);
			this.events.connectFailed(lease, failure);
		}
		try {
			this.housekeeper.start();
			this.housekeeper.wakeAt(System.nanoTime() + this.samples.firstLook());
		}
		catch (Throwable ex) {
			// No memory or no thread for it; the failure itself is to be seen.
		}
	}

	/**
	 * Not passed on: HttpClient closes its manager when an {@code Error} passes through
	 * it (HTTPCLIENT-1924), and each client would when it is closed itself.
	 */
	@Override
	public void close(CloseMode closeMode) {
	}

	@Override
	public void close() {
	}

	// As leases see it

	/**
	 * HttpClient's pool would measure a time limit by the wall clock, so it is given
	 * none.
	 */
	public LeaseRequest request(Lease lease) {
		return this.delegate.lease(lease.getId(), lease.route.httpRoute, Timeout.DISABLED, lease.userToken());
	}

	/**
	 * HttpClient's pool keeps a request that was given up in its queue until a connection
	 * is released, which can take as long as a server likes.
	 */
	void requestGivenUp() {
		if (this.requestsGivenUp.incrementAndGet() % MANY_REQUESTS == 0) {
			dropExpired();
		}
	}

	/**
	 * Let HttpClient's pool drop the entries that have expired, the requests that were
	 * given up, and the routes that have no entry.
	 */
	void dropExpired() {
		if (mustNotLog()) {
			log().later(this.delegate::closeExpired);
		}
		else {
			this.delegate.closeExpired();
		}
	}

	/**
	 * Returns whether a call of HttpClient's pool may block in an appender of the log
	 * here.
	 */
	private static boolean mustNotLog() {
		return Thread.currentThread() instanceof Housekeeper.Worker && poolLog.isDebugEnabled();
	}

	void held(Lease lease) {
		this.tally.lease();
		lease.route.tally.lease();
	}

	void unheld(Lease lease) {
		lease.route.tally.endLease();
		this.tally.endLease();
	}

	/**
	 * Count a held connection as an idle one, if one more may be kept.
	 */
	boolean tryKeep(Lease lease) {
		if (!lease.route.tally.tryKeep(this.limits.maxIdlePerRoute(lease.route))) {
			return false;
		}
		this.tally.tryKeep(Integer.MAX_VALUE);
		return true;
	}

	/**
	 * A connection was closed that nobody held.
	 */
	void idleClosed() {
		this.idleClosed = true;
	}

	void leaveIdle(Route route) {
		route.tally.leaveIdle();
		this.tally.leaveIdle();
	}

	/**
	 * Return a connection of those that were {@linkplain IdleConnections kept}, if one is
	 * fit and nobody waits.
	 */
	@Nullable ConnectionEndpoint takeKept(Route route) {
		// HttpClient's pool serves those first who came first, and nobody who is
		// interrupted.
		if (this.waiting.count() != 0 || Thread.currentThread().isInterrupted()) {
			return null;
		}
		for (ConnectionEndpoint endpoint = route.kept.take(); endpoint != null; endpoint = route.kept.take()) {
			boolean fit = false;
			try {
				PooledConnection connection = Lease.connectionOf(endpoint);
				if (connection != null && !connection.isStale()) {
					connection.activate(this.inForce.connectionConfig);
					fit = true;
					return endpoint;
				}
			}
			finally {
				if (!fit) {
					passOn(endpoint, false);
				}
			}
		}
		return null;
	}

	/**
	 * Take a connection back.
	 * @param userToken the user token of the connection, or {@code null} for any caller
	 */
	void giveBack(Route route, ConnectionEndpoint endpoint, boolean kept, @Nullable Object userToken) {
		if (!kept || !this.keepsAtHand || this.waiting.count() != 0 || userToken != null) {
			passOn(endpoint, kept, userToken);
			return;
		}
		try {
			route.kept.put(endpoint);
		}
		catch (Throwable ex) {
			passOn(endpoint, true);
			throw ex;
		}
		if (this.waiting.count() != 0 || route.forgotten) {
			// No caller looks for a connection of a route that was forgotten.
			passOnKept(route);
			return;
		}
		PooledConnection connection = Lease.connectionOf(endpoint);
		if (connection != null && connection.isClosed()) {
			// Before it was there for a sweep to find.
			route.kept.removeClosed((closed) -> passOn(closed, false));
		}
	}

	/**
	 * Let HttpClient's pool have all connections that were kept.
	 * @return whether there were any
	 */
	public boolean passOnKept() {
		boolean any = false;
		for (Route route : this.routes.all()) {
			any |= passOnKept(route);
		}
		return any;
	}

	public boolean passOnKept(Route route) {
		boolean any = false;
		// HttpClient's pool takes what it was given last for what was used last.
		for (ConnectionEndpoint endpoint = route.kept.takeOldest(); endpoint != null; endpoint = route.kept
			.takeOldest()) {
			any = true;
			passOn(endpoint, true);
		}
		return any;
	}

	/**
	 * Let HttpClient's pool have the place of connections that were kept and have been
	 * closed since.
	 */
	void dropClosedIfAny() {
		if (this.idleClosed) {
			dropClosed();
		}
	}

	private void dropClosed() {
		this.idleClosed = false;
		for (Route route : this.routes.all()) {
			route.kept.removeClosed((endpoint) -> passOn(endpoint, false));
		}
	}

	private void passOn(ConnectionEndpoint endpoint, boolean kept) {
		passOn(endpoint, kept, null);
	}

	private void passOn(ConnectionEndpoint endpoint, boolean kept, @Nullable Object userToken) {
		if (mustNotLog()) {
			log().surelyLater(() -> release(endpoint, kept, userToken));
		}
		else {
			release(endpoint, kept, userToken);
		}
	}

	private void release(ConnectionEndpoint endpoint, boolean kept, @Nullable Object userToken) {
		try {
			this.delegate.release(endpoint, userToken, kept ? this.inForce.keptFor : TimeValue.ZERO_MILLISECONDS);
		}
		catch (IllegalStateException ex) {
			// Closed at this moment, HttpClient's pool does not know its connection any
			// more.
			if (!this.closed) {
				throw ex;
			}
		}
	}

	void acquired(Lease lease, AcquireOutcome outcome) {
		switch (outcome) {
			case REUSED -> {
				this.counters.calls.increment();
				this.counters.reused.increment();
				lease.route.counters.reused.increment();
			}
			case OPENED -> this.counters.calls.increment();
			case TIMEOUT -> {
				this.counters.acquireTimeouts.increment();
				lease.route.counters.acquireTimeouts.increment();
				this.events.acquireTimedOut(lease);
			}
			case REJECTED -> {
				this.counters.acquireRejected.increment();
				lease.route.counters.acquireRejected.increment();
				this.events.refused(lease, settings().maxPending());
			}
			case FAILED -> {
			}
		}
	}

	public void replayed(Lease stale) {
		this.counters.replayed.increment();
		stale.route.counters.replayed.increment();
		this.events.replayed(stale);
		this.listeners.calls().repeated(stale);
		if (this.listeners.present()) {
			this.listeners.replayed(stale);
		}
	}

	void drained(Lease lease, DrainOutcome outcome) {
		this.counters.drained(outcome);
		lease.route.counters.drained(outcome);
		if (outcome == DrainOutcome.TOO_LARGE || outcome == DrainOutcome.TOO_SLOW) {
			lease.route.traffic.undrained(lease.call());
		}
	}

	void leaked(Lease lease) {
		this.counters.leaks.increment();
		lease.route.counters.leaks.increment();
		this.events.leaked(lease);
	}

	/**
	 * Return how long a connection may be idle, given what the server said.
	 */
	long idleNanos(@Nullable TimeValue keepAlive) {
		if (keepAlive == null) {
			return 0;
		}
		long idle = this.inForce.idleNanos;
		return TimeValue.isNonNegative(keepAlive) ? Math.min(idle, keepAlive.toNanoseconds()) : idle;
	}

	void sweepFor(PooledConnection connection, long now) {
		// The settings may have changed since it was given this time.
		connection.idlesAtMost(this.inForce.idleNanos);
		this.housekeeper.wakeAt(now + connection.restsFor(now, IdleReaper.PROBE_INTERVAL));
	}

	// As connections see it

	/**
	 * Make a connection that will be opened later.
	 * @throws ConnectionNotMade for an {@code Error}
	 */
	public PooledConnection newConnection() {
		try {
			return createConnection();
		}
		catch (Error ex) {
			throw new ConnectionNotMade(ex);
		}
	}

	private PooledConnection createConnection() {
		PooledConnection connection = new PooledConnection(
				"http-pool-" + this.name + "-" + CONNECTION_NUMBER.incrementAndGet(), this, this.generation.get());
		this.connections.add(connection);
		if (this.closed) {
			// It may have come too late for the shutdown to see it.
			connection.closeBecause(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
		return connection;
	}

	void opened(Lease lease, PooledConnection connection) {
		this.housekeeper.start();
		this.housekeeper.wakeAt(System.nanoTime() + Math.min(IdleReaper.PROBE_INTERVAL, this.samples.firstLook()));
		this.counters.opened.increment();
		lease.route.counters.opened.increment();
		this.openings.count(System.nanoTime());
		this.events.opened(lease, connection);
		if (this.listeners.present()) {
			this.listeners.connectionOpened(lease, connection);
		}
	}

	/**
	 * A connection was closed.
	 * @param held whether this is told in the thread that held it: where nobody did, this
	 * may be under the lock of HttpClient's pool
	 */
	void closed(PooledConnection connection, CloseReason reason, boolean held) {
		forget(connection);
		this.counters.closed(reason);
		connection.leasedRoute().counters.closed(reason);
		if (held && reason == CloseReason.STALE) {
			connection.leasedRoute().traffic.staleLeased.increment();
		}
		this.events.closed(connection, reason);
		JfrEvents.closed(connection, reason);
		if (!this.listeners.present()) {
			return;
		}
		if (held) {
			this.listeners.connectionClosed(connection, reason);
		}
		else {
			this.listeners.connectionClosedIdle(connection, reason);
		}
	}

	/**
	 * A connection that had been idle sent no byte before its caller gave up.
	 */
	@Nullable SilentConnections stayedSilent(Lease lease) {
		return SilentConnectionEviction.close(this, this.connections, lease, System.nanoTime());
	}

	void forget(PooledConnection connection) {
		this.connections.remove(connection);
	}

	public int generation() {
		return this.generation.get();
	}

	// As the owner sees it

	public String name() {
		return this.name;
	}

	public HttpPoolSettings settings() {
		return this.inForce.settings;
	}

	public ActiveSettings inForce() {
		return this.inForce;
	}

	public ActiveSettings made() {
		return this.made;
	}

	/**
	 * Return until when HttpClient's pool may list connections that came back before a
	 * change, and were closed because of it.
	 */
	long listedUntil() {
		return this.listedUntil;
	}

	public Listeners listeners() {
		return this.listeners;
	}

	PendingAcquires waiting() {
		return this.waiting;
	}

	public SharedLookups lookups() {
		return this.lookups;
	}

	public Housekeeper housekeeper() {
		return this.housekeeper;
	}

	/**
	 * Return what writes to the log for those who must not wait for it.
	 */
	LogWriter log() {
		return this.listeners.log();
	}

	LeakReports leaks() {
		return this.leaks;
	}

	public Routes routes() {
		return this.routes;
	}

	public Counters counters() {
		return this.counters;
	}

	public OpeningRate openings() {
		return this.openings;
	}

	public PoolLimits limits() {
		return this.limits;
	}

	public ConnectionCounts tally() {
		return this.tally;
	}

	public int pending() {
		return this.waiting.count();
	}

	public EventLog events() {
		return this.events;
	}

	public Samples samples() {
		return this.samples;
	}

	public CurrentFindings findings() {
		return this.findings;
	}

	public List<Lease> heldLeases() {
		return HeldLeases.all(this.connections);
	}

	public List<HeldLease> leases() {
		return longestLeases().stream().map(HeldLeases::held).toList();
	}

	public List<LeaseFigures> leaseFigures() {
		return longestLeases().stream().map(HeldLeases::figures).toList();
	}

	private List<Lease> longestLeases() {
		// Otherwise a look at each of thousands of idle connections would find none.
		return (this.tally.leased() != 0) ? HeldLeases.longest(this.connections) : List.of();
	}

	/**
	 * Return whether there is a connection, or a caller who waits for one.
	 */
	public boolean isInUse() {
		return !this.connections.isEmpty() || pending() != 0;
	}

	public @Nullable Lease longestLease() {
		Lease longest = null;
		for (PooledConnection connection : this.connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && (longest == null || lease.leasedAt() - longest.leasedAt() < 0)) {
				longest = lease;
			}
		}
		return longest;
	}

	public synchronized void resize(int maxTotal, int maxPerRoute) {
		if (this.closed) {
			return;
		}
		if (this.limits.set(maxTotal, maxPerRoute)) {
			// HttpClient's pool asks for its limits only when it makes an entry, so those
			// that it has must go: it cannot be told which.
			closeIdle(CloseReason.EVICTED);
		}
		this.limits.wakeWaiting();
		this.events.resized(maxTotal, maxPerRoute);
		this.findings.forget();
	}

	/**
	 * Follow other settings as far as a pool in use can.
	 * @return the names of those that cannot follow
	 */
	public synchronized List<String> change(HttpPoolSettings wanted) {
		HttpPoolSettings before = settings();
		SettingsChange change = new SettingsChange(this.made.settings, before, wanted);
		if (this.closed || change.isEmpty()) {
			return change.fixed();
		}
		HttpPoolSettings after = change.after();
		this.inForce = new ActiveSettings(after);
		this.waiting.limit(after.maxPending());
		if (this.limits.follow(after)) {
			if (this.limits.areExceeded()) {
				closeIdle(CloseReason.EVICTED);
			}
			this.limits.wakeWaiting();
		}
		this.events.changed(change);
		this.findings.forget();
		if (after.maxTotal() != before.maxTotal() || after.maxPerRoute() != before.maxPerRoute()) {
			resize((after.maxTotal() != before.maxTotal()) ? after.maxTotal() : this.limits.maxTotal(),
					(after.maxPerRoute() != before.maxPerRoute()) ? after.maxPerRoute() : this.limits.maxPerRoute());
		}
		letConnectionsFollow(before);
		return change.fixed();
	}

	private void letConnectionsFollow(HttpPoolSettings before) {
		long now = System.nanoTime();
		long listed = now + before.idleTimeout().toNanos() + 2 * IdleReaper.PROBE_INTERVAL;
		this.listedUntil = (this.listedUntil - listed > 0) ? this.listedUntil : listed;
		for (PooledConnection connection : this.connections) {
			connection.follow(this.inForce);
			if (!settings().keepAlive()) {
				connection.closeIfIdle(CloseReason.EVICTED);
			}
			else if (connection.isIdle()
					&& connection.leasedRoute().tally.idle() > this.limits.maxIdlePerRoute(connection.leasedRoute())) {
				connection.closeIfIdle(CloseReason.MAX_IDLE);
			}
		}
		// What is too old now, or idle for too long, is closed at once.
		this.housekeeper.wakeAt(now);
	}

	public void evict() {
		this.generation.incrementAndGet();
		this.events.evicted(closeIdle(CloseReason.EVICTED));
		this.findings.forget();
	}

	/**
	 * Close the idle connections.
	 * @return how many there were
	 */
	public int closeIdle(CloseReason reason) {
		int closed = 0;
		for (PooledConnection connection : this.connections) {
			if (connection.closeIfIdle(reason)) {
				closed++;
			}
		}
		dropClosed();
		this.delegate.closeIdle(TimeValue.ZERO_MILLISECONDS);
		return closed;
	}

	/**
	 * Return whether the pool rejects new calls.
	 */
	public boolean isStopping() {
		return this.stopping;
	}

	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Reject new calls and keep no connection; running calls continue.
	 */
	public void refuseCalls() {
		this.stopping = true;
		this.waiting.shutDown();
		closeIdle(CloseReason.SHUTDOWN);
	}

	/**
	 * Close everything, for good.
	 */
	public void shutDown() {
		this.stopping = true;
		this.closed = true;
		this.waiting.shutDown();
		for (PooledConnection connection : this.connections) {
			connection.closeBecause(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
		this.delegate.close(CloseMode.IMMEDIATE);
		this.lookups.shutDown();
		this.housekeeper.stop();
		this.listeners.shutDown();
	}

	/**
	 * Carries an {@code Error} through the lease of HttpClient's pool, which loses an
	 * entry where one passes.
	 */
	static final class ConnectionNotMade extends RuntimeException {

		final Error error;

		private ConnectionNotMade(Error error) {
			super(null, error, false, false);
			this.error = error;
		}

	}

	@Override
	public Collection<Route> allRoutes() {
		return this.routes.all();
	}

}
