package io.github.httppool.metrics;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.TlsInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the pools. They are registered as soon as this object is bound to a registry,
 * so that the registry itself can use a client of the pool. Thread-safe.
 *
 * @since 0.1.0
 */
public class HttpPoolMetrics implements HttpPoolListener, MeterBinder, AutoCloseable {

	private final ConnectionMeters connectionMeters;

	private final List<MeterRegistry> registries = new ArrayList<>();

	private final Map<String, PoolMeters> pools = new ConcurrentHashMap<>();

	private boolean closed;

	/**
	 * Create meters with the names of {@link MetricsConvention#MICROMETER}.
	 */
	public HttpPoolMetrics() {
		this(MetricsConvention.MICROMETER);
	}

	/**
	 * Create meters.
	 * @param convention the convention for the names of the meters of connections
	 */
	public HttpPoolMetrics(MetricsConvention convention) {
		this.connectionMeters = switch (convention) {
			case MICROMETER -> new PoolConnectionMeters();
			case OTEL -> new OtelConnectionMeters();
		};
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		if (!this.closed) {
			this.registries.add(registry);
			this.pools.values().forEach((meters) -> meters.bindTo(registry));
		}
	}

	@Override
	public synchronized void poolCreated(HttpPool pool) {
		if (!this.closed) {
			PoolMeters meters = new PoolMeters(pool, this.connectionMeters);
			this.registries.forEach(meters::bindTo);
			this.pools.put(pool.name(), meters);
		}
	}

	/**
	 * Remove all meters from their registries, which can outlive the pools. Later events
	 * are not measured.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.pools.values().forEach(PoolMeters::remove);
		this.pools.clear();
		this.registries.clear();
	}

	/** Registers the meters of a route before its first caller waits. */
	@Override
	public void acquireStarted(LeaseInfo lease) {
		route(lease);
	}

	@Override
	public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
		RouteMeters route = route(lease);
		if (route != null) {
			route.acquired(outcome, waitedNanos);
		}
	}

	@Override
	public void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
		connected(lease, ConnectPhase.DNS, tookNanos, failure);
	}

	@Override
	public void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
		connected(lease, ConnectPhase.TCP, tookNanos, failure);
	}

	@Override
	public void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
		connected(lease, ConnectPhase.TLS, tookNanos, failure);
	}

	private void connected(LeaseInfo lease, ConnectPhase phase, long tookNanos, @Nullable Exception failure) {
		RouteMeters route = route(lease);
		if (route != null) {
			route.connected(phase, failure == null, tookNanos);
		}
	}

	@Override
	public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
		PoolMeters meters = this.pools.get(lease.pool());
		if (meters != null) {
			meters.drained(outcome);
		}
	}

	@Override
	public void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
		PoolMeters meters = this.pools.get(lease.pool());
		if (meters != null) {
			meters.leaked();
		}
	}

	@Override
	public void released(LeaseInfo lease, @Nullable CloseReason notKept) {
		RouteMeters route = route(lease);
		if (route != null) {
			route.released(lease.heldFor().toNanos());
		}
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		PoolMeters meters = this.pools.get(connection.pool());
		if (meters != null) {
			meters.route(connection.route()).closed(reason, connection.age());
		}
	}

	private @Nullable RouteMeters route(LeaseInfo lease) {
		PoolMeters meters = this.pools.get(lease.pool());
		return (meters != null) ? meters.route(lease.route()) : null;
	}

}
