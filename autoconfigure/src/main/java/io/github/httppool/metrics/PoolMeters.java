package io.github.httppool.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one pool. The first routes get meters of their own, all others share those of
 * the route {@code other}, so that the number of time series is bounded.
 */
final class PoolMeters {

	static final int MAX_ROUTES = 100;

	static final String OTHER = "other";

	private static final long SNAPSHOT_VALID_FOR = TimeUnit.MILLISECONDS.toNanos(100);

	private final HttpPool pool;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, RouteMeters> routes = new ConcurrentHashMap<>();

	private volatile @Nullable RouteMeters other;

	private volatile @Nullable Reading lastReading;

	PoolMeters(HttpPool pool) {
		this.pool = pool;
	}

	synchronized void bindTo(MeterRegistry registry) {
		if (this.registries.contains(registry)) {
			return;
		}
		this.registries.add(registry);
		Gauge.builder("http.pool.connections.max", this.pool, (pool) -> snapshot().limits().maxTotal())
			.description("Most connections of the pool, leased and idle")
			.tag("pool", this.pool.name())
			.register(registry);
		for (DrainOutcome outcome : DrainOutcome.values()) {
			drainCounter(registry, outcome);
		}
		leakCounter(registry);
		this.routes.values().forEach((route) -> route.bindTo(registry));
		RouteMeters other = this.other;
		if (other != null) {
			other.bindTo(registry);
		}
	}

	RouteMeters route(String route) {
		RouteMeters meters = this.routes.get(route);
		return (meters != null) ? meters : addRoute(route);
	}

	private synchronized RouteMeters addRoute(String route) {
		RouteMeters meters = this.routes.get(route);
		if (meters != null) {
			return meters;
		}
		if (this.routes.size() < MAX_ROUTES) {
			meters = new RouteMeters(this, route);
			this.routes.put(route, meters);
		}
		else {
			meters = this.other;
			if (meters != null) {
				return meters;
			}
			meters = new RouteMeters(this, OTHER);
			this.other = meters;
		}
		this.registries.forEach(meters::bindTo);
		return meters;
	}

	void drained(DrainOutcome outcome) {
		for (MeterRegistry registry : this.registries) {
			drainCounter(registry, outcome).increment();
		}
	}

	private Counter drainCounter(MeterRegistry registry, DrainOutcome outcome) {
		return Counter.builder("http.pool.drain")
			.description("Bodies that were not read to their end by the caller, by what became of them")
			.tag("pool", this.pool.name())
			.tag("outcome", outcome.code())
			.register(registry);
	}

	void leaked() {
		for (MeterRegistry registry : this.registries) {
			leakCounter(registry).increment();
		}
	}

	private Counter leakCounter(MeterRegistry registry) {
		return Counter.builder("http.pool.leaks")
			.description("Leases of a connection that were held for too long, or lost by their callers")
			.tag("pool", this.pool.name())
			.register(registry);
	}

	String name() {
		return this.pool.name();
	}

	/**
	 * Add up a number over the routes that meters of a name stand for.
	 */
	double sum(String route, ToIntFunction<PoolSnapshot.Route> number) {
		return snapshot().routes()
			.stream()
			.filter((candidate) -> OTHER.equals(route) ? !this.routes.containsKey(candidate.route())
					: candidate.route().equals(route))
			.mapToInt(number)
			.sum();
	}

	/**
	 * One scrape reads many gauges: they share a snapshot.
	 */
	private PoolSnapshot snapshot() {
		long now = System.nanoTime();
		Reading reading = this.lastReading;
		if (reading == null || now - reading.nanoTime > SNAPSHOT_VALID_FOR) {
			reading = new Reading(now, this.pool.snapshot());
			this.lastReading = reading;
		}
		return reading.snapshot;
	}

	private record Reading(long nanoTime, PoolSnapshot snapshot) {
	}

}
