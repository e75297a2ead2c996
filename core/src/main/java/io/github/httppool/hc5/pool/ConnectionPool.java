package io.github.httppool.hc5.pool;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

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
import io.github.httppool.hc5.observe.OpeningRate;
import io.github.httppool.hc5.observe.Samples;
import io.github.httppool.hc5.observe.Sampling;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections. Creates its parts and gives access to them: the
 * {@link ConnectionBook}, limits, counters, reports, and the housekeeper. Only the owner
 * of a pool shuts it down.
 */
public final class ConnectionPool implements PoolContext {

	private final String name;

	/** The settings with which the pool and its clients were created. */
	private final ActiveSettings made;

	private final Listeners listeners;

	private final Counters counters = new Counters();

	private final OpeningRate openings = new OpeningRate(System.nanoTime());

	private final Routes routes = new Routes(this::newRoute, this::retire);

	/** {@code null} if no proxy is configured. */
	private final @Nullable ProxyRoutePlanner proxies;

	private final AtomicInteger generation = new AtomicInteger();

	private final Housekeeper housekeeper;

	private final SharedLookups lookups;

	private final PoolChanges changes;

	private final PoolReporter reporter;

	private final HeldLeases leases;

	private final LeakReports leaks;

	private final EventLog events = new EventLog();

	private final Samples samples;

	private final CurrentFindings findings;

	private final ConnectionBook<PooledConnection> book;

	private final PooledConnections connections;

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
		this.listeners = listeners;
		this.proxies = ProxyRoutePlanner.of(name, settings.proxy());
		this.lookups = new SharedLookups(name);
		ConnectionSettings opening = builder.build(this);
		this.book = new ConnectionBook<>(opening.maxTotal(), opening.maxPerRoute(),
				settings.reusePolicy() == ReusePolicy.LIFO);
		this.connections = new PooledConnections(this, this.book);
		this.limits = new PoolLimits(settings, this.book, this.routes);
		this.slots = new PooledSlots(this.connections, this.routes, this.limits);
		this.leases = new HeldLeases(this.connections, this.book.tally());
		this.samples = new Samples(this, sampling);
		this.findings = new CurrentFindings(this.samples);
		this.reporter = new PoolReporter(this, listeners, this.events, this.samples);
		this.leaks = new LeakReports(this, listeners, this.reporter);
		this.changes = new PoolChanges(this, this.made, this.connections, this.limits, this.findings);
		this.housekeeper = new Housekeeper(name,
				new Housekeeping(new IdleReaper(this.connections, this.routes), this.samples,
						new FindingReports(name, this.events, listeners.log()), this.findings),
				() -> this.connections.all().size(), listeners.log().warnings(Housekeeper.class));
		this.manager = new PooledConnectionManager(this, this.slots, opening,
				new BookControl(this, this.routes, this.limits, this.connections, this.changes));
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

	/**
	 * Return the connections, from their creation until their close is reported.
	 */
	PooledConnections connections() {
		return this.connections;
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
		return inForce().settings;
	}

	@Override
	public ActiveSettings inForce() {
		return this.changes.inForce();
	}

	@Override
	public ActiveSettings made() {
		return this.made;
	}

	@Override
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

	@Override
	public SharedLookups lookups() {
		return this.lookups;
	}

	@Override
	public Housekeeper housekeeper() {
		return this.housekeeper;
	}

	@Override
	public PoolReporter reporter() {
		return this.reporter;
	}

	@Override
	public LeakReports leaks() {
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

	@Override
	public EventLog events() {
		return this.events;
	}

	@Override
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
	 * Return whether the pool has a connection or a pending acquire.
	 */
	@Override
	public boolean isInUse() {
		return !this.connections.all().isEmpty() || pending() != 0;
	}

	public void resize(int maxTotal, int maxPerRoute) {
		this.changes.resize(maxTotal, maxPerRoute);
	}

	/**
	 * Apply changed settings, as far as possible without a new pool.
	 * @return the names of the changed settings that require a new pool
	 */
	public List<String> change(HttpPoolSettings wanted) {
		return this.changes.change(wanted);
	}

	public void evict() {
		this.generation.incrementAndGet();
		this.events.evicted(closeIdle(CloseReason.EVICTED));
		this.findings.forget();
	}

	/**
	 * Close the idle connections.
	 * @return the number of closed connections
	 */
	public int closeIdle(CloseReason reason) {
		return closeIdle(0, reason);
	}

	/**
	 * Close the connections that have been idle for at least the given time.
	 * @return the number of closed connections
	 */
	public int closeIdle(long idleNanos, CloseReason reason) {
		return this.connections.closeIdle(idleNanos, reason);
	}

	@Override
	public boolean isStopping() {
		return this.stopping;
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Reject new calls, and close connections instead of keeping them alive. Running
	 * calls continue.
	 */
	public void refuseCalls() {
		this.stopping = true;
		this.book.stopPending();
		closeIdle(CloseReason.SHUTDOWN);
	}

	/**
	 * Close the pool and all of its connections.
	 */
	public void shutDown() {
		this.stopping = true;
		this.closed = true;
		this.book.close();
		this.connections.shutDown();
		this.lookups.shutDown();
		this.housekeeper.stop();
		this.listeners.shutDown();
	}

}
