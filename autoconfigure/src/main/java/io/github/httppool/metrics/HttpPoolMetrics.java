package io.github.httppool.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the pools. Knows no registry until it is bound to one, so that a registry may
 * itself depend on a client of the pool.
 *
 * @since 0.1.0
 */
public class HttpPoolMetrics implements HttpPoolListener, MeterBinder {

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, PoolMeters> pools = new ConcurrentHashMap<>();

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.pools.values().forEach((meters) -> meters.bindTo(registry));
	}

	@Override
	public void poolCreated(HttpPool pool) {
		PoolMeters meters = new PoolMeters(pool);
		this.pools.put(pool.name(), meters);
		this.registries.forEach(meters::bindTo);
	}

	@Override
	public void acquireStarted(LeaseInfo lease) {
		PoolMeters meters = meters(lease.pool());
		if (meters != null) {
			meters.route(lease.route());
		}
	}

	@Override
	public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
		PoolMeters meters = meters(lease.pool());
		if (meters != null) {
			meters.route(lease.route()).acquired(outcome, waitedNanos);
		}
	}

	@Override
	public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
		PoolMeters meters = meters(lease.pool());
		if (meters != null) {
			meters.drained(outcome);
		}
	}

	@Override
	public void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
		PoolMeters meters = meters(lease.pool());
		if (meters != null) {
			meters.leaked();
		}
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		PoolMeters meters = meters(connection.pool());
		if (meters != null) {
			meters.route(connection.route()).closed(reason, connection.age());
		}
	}

	private @Nullable PoolMeters meters(String pool) {
		return this.pools.get(pool);
	}

}
