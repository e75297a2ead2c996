package io.github.httppool.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.DrainOutcome;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPool;
import io.github.httppool.Severity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Meters of one pool. The first routes get their own meters. All others share the meters
 * of the route {@code other}, so that the number of time series is bounded.
 */
final class PoolMeters {

	static final int MAX_ROUTES = 100;

	private final PoolReadings readings;

	private final ConnectionMeters connectionMeters;

	private final List<RegistryMeters> registries = new ArrayList<>();

	/**
	 * One per registry.
	 */
	private volatile PoolCounters[] counters = {};

	private final Map<String, RouteMeters> routes = new ConcurrentHashMap<>();

	private volatile @Nullable RouteMeters other;

	PoolMeters(HttpPool pool, ConnectionMeters connectionMeters) {
		this.readings = new PoolReadings(pool, this.routes::containsKey);
		this.connectionMeters = connectionMeters;
	}

	synchronized void bindTo(MeterRegistry registry) {
		if (this.registries.stream().anyMatch((meters) -> meters.isFor(registry))) {
			return;
		}
		RegistryMeters meters = new RegistryMeters(registry);
		this.registries.add(meters);
		meters.gauge(Gauge.builder("http.pool.connections.max", this.readings, PoolReadings::maxTotal)
			.description("Maximum number of connections in the pool, leased and idle")
			.tag("pool", this.readings.pool()));
		for (FindingCode code : FindingCode.values()) {
			code.severities().forEach((severity) -> bindFindings(meters, code, severity));
		}
		PoolCounters[] more = Arrays.copyOf(this.counters, this.counters.length + 1);
		more[more.length - 1] = new PoolCounters(this.readings.pool(), meters);
		this.counters = more;
		this.routes.values().forEach((route) -> route.bindTo(meters));
		RouteMeters other = this.other;
		if (other != null) {
			other.bindTo(meters);
		}
	}

	/**
	 * Register the gauge before there is a finding, so that alerts see findings appear
	 * and disappear.
	 */
	private void bindFindings(RegistryMeters meters, FindingCode code, Severity severity) {
		meters.gauge(Gauge.builder("http.pool.findings", this.readings, (pool) -> pool.findings(code, severity))
			.description("Open findings")
			.tag("pool", this.readings.pool())
			.tag("code", code.name())
			.tag("severity", severity.code()));
	}

	synchronized void remove() {
		this.registries.forEach(RegistryMeters::remove);
		this.registries.clear();
	}

	RouteMeters route(String route) {
		RouteMeters meters = this.routes.get(route);
		return (meters != null) ? meters : addRoute(route);
	}

	private RouteMeters addRoute(String route) {
		RouteMeters other = this.other;
		// Avoid the lock here, because every event of a route without its own
		// meters takes this path.
		return (other != null) ? other : addFirstRoutes(route);
	}

	private synchronized RouteMeters addFirstRoutes(String route) {
		RouteMeters meters = (this.other != null) ? this.other : this.routes.get(route);
		if (meters != null) {
			return meters;
		}
		boolean named = this.routes.size() < MAX_ROUTES;
		RouteMeters added = new RouteMeters(this.readings, this.connectionMeters, named ? route : PoolReadings.OTHER);
		this.registries.forEach(added::bindTo);
		if (named) {
			this.routes.put(route, added);
		}
		else {
			this.other = added;
		}
		return added;
	}

	void drained(DrainOutcome outcome) {
		for (PoolCounters registry : this.counters) {
			registry.drained(outcome);
		}
	}

	void leaked() {
		for (PoolCounters registry : this.counters) {
			registry.leaked();
		}
	}

}
