package io.github.httppool.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.micrometer.core.instrument.Gauge;

/**
 * Meters of one route. A call only accesses arrays, without a lookup, an allocation or a
 * lock.
 */
final class RouteMeters {

	private final PoolReadings pool;

	private final ConnectionMeters connectionMeters;

	private final String route;

	/**
	 * One per registry.
	 */
	private volatile RouteTimers[] timers = {};

	RouteMeters(PoolReadings pool, ConnectionMeters connectionMeters, String route) {
		this.pool = pool;
		this.connectionMeters = connectionMeters;
		this.route = route;
	}

	/**
	 * The caller must hold the lock of the pool's meters.
	 */
	void bindTo(RegistryMeters registry) {
		this.connectionMeters.bindGauges(this.pool, this.route, registry);
		registry.gauge(
				Gauge.builder("http.pool.pending", this.pool, (pool) -> pool.route(this.route).connections().pending())
					.description("Callers that wait for a connection")
					.tag("pool", this.pool.pool())
					.tag("route", this.route));
		registry
			.gauge(Gauge.builder("http.pool.route.connections.max", this.pool, (pool) -> pool.route(this.route).max())
				.description("Maximum number of connections of the route, leased and idle")
				.tag("pool", this.pool.pool())
				.tag("route", this.route));
		RouteTimers[] more = Arrays.copyOf(this.timers, this.timers.length + 1);
		more[more.length - 1] = new RouteTimers(this.pool.pool(), this.connectionMeters, this.route, registry);
		this.timers = more;
	}

	void acquired(AcquireOutcome outcome, long waitedNanos) {
		for (RouteTimers registry : this.timers) {
			registry.acquire(outcome).record(waitedNanos, TimeUnit.NANOSECONDS);
		}
	}

	void connected(ConnectPhase phase, boolean success, long tookNanos) {
		for (RouteTimers registry : this.timers) {
			registry.connect(phase, success).record(tookNanos, TimeUnit.NANOSECONDS);
		}
	}

	void released(long heldNanos) {
		for (RouteTimers registry : this.timers) {
			registry.usage().record(heldNanos, TimeUnit.NANOSECONDS);
		}
	}

	void closed(CloseReason reason, Duration age) {
		for (RouteTimers registry : this.timers) {
			registry.age(reason).record(age);
		}
	}

}
