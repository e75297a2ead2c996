package io.github.httppool.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of one route.
 */
final class RouteMeters {

	private final PoolMeters pool;

	private final String route;

	private final List<Bound> bound = new CopyOnWriteArrayList<>();

	RouteMeters(PoolMeters pool, String route) {
		this.pool = pool;
		this.route = route;
	}

	void bindTo(MeterRegistry registry) {
		gauge(registry, "leased", PoolSnapshot.Route::leased);
		gauge(registry, "idle", PoolSnapshot.Route::idle);
		Gauge.builder("http.pool.pending", this.pool, (pool) -> pool.sum(this.route, PoolSnapshot.Route::pending))
			.description("Callers that wait for a connection")
			.tag("pool", this.pool.name())
			.tag("route", this.route)
			.register(registry);
		this.bound.add(new Bound(registry));
	}

	private void gauge(MeterRegistry registry, String state, ToIntFunction<PoolSnapshot.Route> number) {
		Gauge.builder("http.pool.connections", this.pool, (pool) -> pool.sum(this.route, number))
			.description("Connections, leased by a caller or idle")
			.tag("pool", this.pool.name())
			.tag("route", this.route)
			.tag("state", state)
			.register(registry);
	}

	void acquired(AcquireOutcome outcome, long waitedNanos) {
		for (Bound meters : this.bound) {
			meters.acquire.computeIfAbsent(outcome, (key) -> acquireTimer(meters.registry, key))
				.record(waitedNanos, TimeUnit.NANOSECONDS);
		}
	}

	void closed(CloseReason reason, Duration age) {
		for (Bound meters : this.bound) {
			meters.age.computeIfAbsent(reason, (key) -> ageTimer(meters.registry, key)).record(age);
		}
	}

	private Timer acquireTimer(MeterRegistry registry, AcquireOutcome outcome) {
		return Timer.builder("http.pool.acquire")
			.description("Waits for a connection, by how they ended")
			.tag("pool", this.pool.name())
			.tag("route", this.route)
			.tag("outcome", outcome.code())
			.register(registry);
	}

	private Timer ageTimer(MeterRegistry registry, CloseReason reason) {
		return Timer.builder("http.pool.connection.age")
			.description("Age of connections when they were closed, by the reason for it")
			.tag("pool", this.pool.name())
			.tag("route", this.route)
			.tag("reason", reason.code())
			.register(registry);
	}

	/**
	 * Timers in one registry, made when they are first used.
	 */
	private static final class Bound {

		private final MeterRegistry registry;

		private final Map<AcquireOutcome, Timer> acquire = new ConcurrentHashMap<>();

		private final Map<CloseReason, Timer> age = new ConcurrentHashMap<>();

		Bound(MeterRegistry registry) {
			this.registry = registry;
		}

	}

}
