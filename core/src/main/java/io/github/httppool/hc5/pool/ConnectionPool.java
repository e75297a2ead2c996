package io.github.httppool.hc5.pool;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ReusePolicy;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.SharedLookups;
import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.observe.Counters;
import io.github.httppool.hc5.observe.CurrentFindings;
import io.github.httppool.hc5.observe.EventLog;
import io.github.httppool.hc5.observe.FindingReports;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.LogWriter;
import io.github.httppool.hc5.observe.OpeningRate;
import io.github.httppool.hc5.observe.PoolView;
import io.github.httppool.hc5.observe.Samples;
import io.github.httppool.hc5.observe.Sampling;
import io.github.httppool.hc5.observe.SilentConnections;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections with all that belongs to it: the {@link ConnectionBook} that
 * knows who has which connection, limits, numbers and reports, and the life of the pool,
 * which only its owner ends.
 */
public final class ConnectionPool implements PoolView {

	private static final AtomicLong CONNECTION_NUMBER = new AtomicLong();

	private final String name;

	/** What clients are built with. */
	private final ActiveSettings made;

	private volatile ActiveSettings inForce;

	private final Listeners listeners;

	private final Counters counters = new Counters();

	private final OpeningRate openings = new OpeningRate(System.nanoTime());

	private final Routes routes = new Routes(this::newRoute, this::retire);

	private final Set<PooledConnection> connections = ConcurrentHashMap.newKeySet();

	/** {@code null} for none. */
	private final @Nullable ProxyRoutePlanner proxies;

	private final AtomicInteger generation = new AtomicInteger();

	private final Housekeeper housekeeper;

	private final SharedLookups lookups;

	private final PoolChanges changes = new PoolChanges(this, this.connections);

	private final PoolReporter reporter = new PoolReporter(this);

	private final HeldLeases leases = new HeldLeases(this.connections, () -> tally().leased());

	private final LeakReports leaks = new LeakReports(this);

	private final EventLog events = new EventLog();

	private final Samples samples;

	private final CurrentFindings findings;

	private final ConnectionBook<PooledConnection> book;

	private final PooledSlots slots;

	private final PoolLimits limits;

	private final PooledConnectionManager manager;

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
		this.samples = new Samples(this, sampling);
		this.lookups = new SharedLookups(name);
		this.findings = new CurrentFindings(this.samples);
		this.housekeeper = new Housekeeper(name,
				new Housekeeping(new IdleReaper(this.connections, this.routes), this.samples,
						new FindingReports(name, this.events, listeners.log()), this.findings),
				this.connections::size, listeners.log().warnings(Housekeeper.class));
		ConnectionSettings opening = builder.build(this);
		this.book = new ConnectionBook<>(opening.maxTotal(), opening.maxPerRoute(),
				settings.reusePolicy() == ReusePolicy.LIFO);
		this.slots = new PooledSlots(this);
		this.limits = new PoolLimits(settings, this.book, this.routes);
		this.manager = new PooledConnectionManager(this, opening);
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

	private boolean retire(Route route) {
		return this.book.retire(route.slots);
	}

	public Route route(HttpRoute httpRoute) {
		return this.routes.get(httpRoute);
	}

	public @Nullable ProxyRoutePlanner proxies() {
		return this.proxies;
	}

	void sweepFor(PooledConnection connection, long now) {
		// The settings may have changed since it was given this time.
		connection.idlesAtMost(this.inForce.idleNanos);
		this.housekeeper.wakeAt(now + connection.restsFor(now, IdleReaper.PROBE_INTERVAL));
	}

	/**
	 * Close connections whose time to be idle, or to live, is over.
	 */
	void closeExpired() {
		this.housekeeper.wakeAt(System.nanoTime());
	}

	/**
	 * Make a connection that will be opened later.
	 */
	public PooledConnection newConnection() {
		PooledConnection connection = new PooledConnection(
				"http-pool-" + this.name + "-" + CONNECTION_NUMBER.incrementAndGet(), this, this.generation.get());
		this.connections.add(connection);
		if (this.closed) {
			// It may have come too late for the shutdown to see it.
			connection.closeBecause(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
		return connection;
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

	@Override
	public int generation() {
		return this.generation.get();
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public HttpPoolSettings settings() {
		return this.inForce.settings;
	}

	public ActiveSettings inForce() {
		return this.inForce;
	}

	public ActiveSettings made() {
		return this.made;
	}

	public Listeners listeners() {
		return this.listeners;
	}

	public PooledConnectionManager manager() {
		return this.manager;
	}

	public ConnectionBook<PooledConnection> book() {
		return this.book;
	}

	public PooledSlots slots() {
		return this.slots;
	}

	public SharedLookups lookups() {
		return this.lookups;
	}

	@Override
	public Housekeeper housekeeper() {
		return this.housekeeper;
	}

	/**
	 * Return what writes to the log for those who must not wait for it.
	 */
	LogWriter log() {
		return this.listeners.log();
	}

	/**
	 * Return what counts and reports the events of this pool.
	 */
	public PoolReporter reporter() {
		return this.reporter;
	}

	LeakReports leaks() {
		return this.leaks;
	}

	public Routes routes() {
		return this.routes;
	}

	@Override
	public Counters counters() {
		return this.counters;
	}

	@Override
	public OpeningRate openings() {
		return this.openings;
	}

	@Override
	public PoolLimits limits() {
		return this.limits;
	}

	@Override
	public ConnectionCounts tally() {
		return this.book.tally();
	}

	@Override
	public int pending() {
		return this.book.pending();
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

	public HeldLeases leases() {
		return this.leases;
	}

	@Override
	public List<LeaseFigures> leaseFigures() {
		return this.leases.figures();
	}

	@Override
	public @Nullable Lease longestLease() {
		return this.leases.longest();
	}

	@Override
	public Collection<Route> allRoutes() {
		return this.routes.all();
	}

	/**
	 * Return whether there is a connection, or a caller who waits for one.
	 */
	@Override
	public boolean isInUse() {
		return !this.connections.isEmpty() || pending() != 0;
	}

	public void resize(int maxTotal, int maxPerRoute) {
		this.changes.resize(maxTotal, maxPerRoute);
	}

	/**
	 * Follow other settings as far as a pool in use can.
	 * @return the names of those that cannot follow
	 */
	public List<String> change(HttpPoolSettings wanted) {
		return this.changes.change(wanted);
	}

	void activate(ActiveSettings settings) {
		this.inForce = settings;
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
		return closeIdle(0, reason);
	}

	/**
	 * Close the connections that have been idle for some time.
	 * @return how many there were
	 */
	public int closeIdle(long idleNanos, CloseReason reason) {
		long now = System.nanoTime();
		int closed = 0;
		for (PooledConnection connection : this.connections) {
			if ((idleNanos <= 0 || now - connection.idleSince() >= idleNanos) && connection.closeIfIdle(reason)) {
				closed++;
			}
		}
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
		this.book.stopPending();
		closeIdle(CloseReason.SHUTDOWN);
	}

	/**
	 * Close everything, for good.
	 */
	public void shutDown() {
		this.stopping = true;
		this.closed = true;
		this.book.close();
		for (PooledConnection connection : this.connections) {
			connection.closeBecause(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
		this.lookups.shutDown();
		this.housekeeper.stop();
		this.listeners.shutDown();
	}

}
