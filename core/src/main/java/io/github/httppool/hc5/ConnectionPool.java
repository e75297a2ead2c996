package io.github.httppool.hc5;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ReusePolicy;
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
 * A pool of connections with all that belongs to it: the {@link ConnectionBook} that
 * knows who has which connection, limits, numbers and reports, and the life of the pool,
 * which only its owner ends.
 */
final class ConnectionPool {

	private static final AtomicLong CONNECTION_NUMBER = new AtomicLong();

	private final String name;

	/** What clients are built with. */
	private final SettingsInForce made;

	private volatile SettingsInForce inForce;

	private final Listeners listeners;

	private final Counters counters = new Counters();

	private final Openings openings = new Openings(System.nanoTime());

	private final Routes routes = new Routes(this::newRoute, this::retire);

	private final Set<PooledConnection> connections = ConcurrentHashMap.newKeySet();

	/** {@code null} for none. */
	private final @Nullable Proxies proxies;

	private final AtomicInteger generation = new AtomicInteger();

	private final Housekeeper housekeeper;

	private final SharedLookups lookups;

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

	ConnectionPool(String name, HttpPoolSettings settings, Listeners listeners, ConnectionsBuilder builder) {
		this(name, settings, listeners, builder, Sampling.DEFAULT);
	}

	ConnectionPool(String name, HttpPoolSettings settings, Listeners listeners, ConnectionsBuilder builder,
			Sampling sampling) {
		this.name = name;
		this.made = new SettingsInForce(settings);
		this.inForce = this.made;
		this.listeners = listeners;
		this.proxies = Proxies.of(name, settings.proxy());
		this.samples = new Samples(this, sampling);
		this.lookups = new SharedLookups(name);
		this.findings = new CurrentFindings(this.samples);
		this.housekeeper = new Housekeeper(name,
				new Housekeeping(new IdleSweep(this.connections, this.routes), this.samples,
						new FindingReports(name, this.events, listeners.log()), this.findings),
				this.connections::size, listeners.log());
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

	Route route(HttpRoute httpRoute) {
		return this.routes.get(httpRoute);
	}

	@Nullable Proxies proxies() {
		return this.proxies;
	}

	// As leases see it

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
		this.housekeeper.wakeAt(now + connection.restsFor(now, IdleSweep.PROBE_INTERVAL));
	}

	/**
	 * Close connections whose time to be idle, or to live, is over.
	 */
	void closeExpired() {
		this.housekeeper.wakeAt(System.nanoTime());
	}

	// As connections see it

	/**
	 * Make a connection that will be opened later.
	 */
	PooledConnection newConnection() {
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
		return SilentConnections.close(this, this.connections, lease, System.nanoTime());
	}

	void forget(PooledConnection connection) {
		this.connections.remove(connection);
	}

	int generation() {
		return this.generation.get();
	}

	// As the owner sees it

	String name() {
		return this.name;
	}

	HttpPoolSettings settings() {
		return this.inForce.settings;
	}

	SettingsInForce inForce() {
		return this.inForce;
	}

	SettingsInForce made() {
		return this.made;
	}

	Listeners listeners() {
		return this.listeners;
	}

	PooledConnectionManager manager() {
		return this.manager;
	}

	ConnectionBook<PooledConnection> book() {
		return this.book;
	}

	PooledSlots slots() {
		return this.slots;
	}

	SharedLookups lookups() {
		return this.lookups;
	}

	Housekeeper housekeeper() {
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
	PoolReporter reporter() {
		return this.reporter;
	}

	LeakReports leaks() {
		return this.leaks;
	}

	Routes routes() {
		return this.routes;
	}

	Counters counters() {
		return this.counters;
	}

	Openings openings() {
		return this.openings;
	}

	PoolLimits limits() {
		return this.limits;
	}

	Tally tally() {
		return this.book.tally();
	}

	int pending() {
		return this.book.pending();
	}

	EventLog events() {
		return this.events;
	}

	Samples samples() {
		return this.samples;
	}

	CurrentFindings findings() {
		return this.findings;
	}

	HeldLeases leases() {
		return this.leases;
	}

	/**
	 * Return whether there is a connection, or a caller who waits for one.
	 */
	boolean isInUse() {
		return !this.connections.isEmpty() || pending() != 0;
	}

	synchronized void resize(int maxTotal, int maxPerRoute) {
		if (this.closed) {
			return;
		}
		if (this.limits.set(maxTotal, maxPerRoute)) {
			closeIdle(CloseReason.EVICTED);
		}
		this.events.resized(maxTotal, maxPerRoute);
		this.findings.forget();
	}

	/**
	 * Follow other settings as far as a pool in use can.
	 * @return the names of those that cannot follow
	 */
	synchronized List<String> change(HttpPoolSettings wanted) {
		HttpPoolSettings before = settings();
		SettingsChange change = new SettingsChange(this.made.settings, before, wanted);
		if (this.closed || change.isEmpty()) {
			return change.fixed();
		}
		HttpPoolSettings after = change.after();
		this.inForce = new SettingsInForce(after);
		if (this.limits.follow(after) && this.limits.areExceeded()) {
			closeIdle(CloseReason.EVICTED);
		}
		this.events.changed(change);
		this.findings.forget();
		if (after.maxTotal() != before.maxTotal() || after.maxPerRoute() != before.maxPerRoute()) {
			resize((after.maxTotal() != before.maxTotal()) ? after.maxTotal() : this.limits.maxTotal(),
					(after.maxPerRoute() != before.maxPerRoute()) ? after.maxPerRoute() : this.limits.maxPerRoute());
		}
		letConnectionsFollow();
		return change.fixed();
	}

	private void letConnectionsFollow() {
		long now = System.nanoTime();
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

	void evict() {
		this.generation.incrementAndGet();
		this.events.evicted(closeIdle(CloseReason.EVICTED));
		this.findings.forget();
	}

	/**
	 * Close the idle connections.
	 * @return how many there were
	 */
	int closeIdle(CloseReason reason) {
		return closeIdle(0, reason);
	}

	/**
	 * Close the connections that have been idle for some time.
	 * @return how many there were
	 */
	int closeIdle(long idleNanos, CloseReason reason) {
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
	boolean isStopping() {
		return this.stopping;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Reject new calls and keep no connection; running calls continue.
	 */
	void refuseCalls() {
		this.stopping = true;
		this.book.stopPending();
		closeIdle(CloseReason.SHUTDOWN);
	}

	/**
	 * Close everything, for good.
	 */
	void shutDown() {
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
