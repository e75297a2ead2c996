package io.github.httppool.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Reads the load of a pool once for the many gauges of a scrape.
 */
final class PoolReadings {

	/** Stands for all routes without their own meters. */
	static final String OTHER = "other";

	private static final long VALID_FOR = TimeUnit.MILLISECONDS.toNanos(100);

	private final HttpPool pool;

	private final Predicate<String> named;

	private volatile @Nullable Reading last;

	/**
	 * Create the readings of a pool.
	 * @param pool the pool
	 * @param named whether a route has its own meters
	 */
	PoolReadings(HttpPool pool, Predicate<String> named) {
		this.pool = pool;
		this.named = named;
	}

	String pool() {
		return this.pool.name();
	}

	int maxTotal() {
		return current().maxTotal;
	}

	/**
	 * Return the current load of a route, or the total of the {@link #OTHER} ones.
	 */
	PoolLoad.Route route(String route) {
		PoolLoad.Route load = current().routes.get(route);
		return (load != null) ? load : new PoolLoad.Route(route, Connections.NONE, 0);
	}

	long findings(FindingCode code, Severity severity) {
		return current().findings.stream()
			.filter((finding) -> finding.code() == code && finding.severity() == severity)
			.count();
	}

	private Reading current() {
		long now = System.nanoTime();
		Reading reading = this.last;
		if (reading == null || now - reading.nanoTime > VALID_FOR) {
			reading = read(now);
			this.last = reading;
		}
		return reading;
	}

	private Reading read(long now) {
		PoolLoad load = this.pool.load();
		Map<String, PoolLoad.Route> routes = new HashMap<>();
		for (PoolLoad.Route route : load.routes()) {
			routes.merge(this.named.test(route.route()) ? route.route() : OTHER, route, PoolReadings::sum);
		}
		return new Reading(now, load.maxTotal(), routes, load.findings());
	}

	private static PoolLoad.Route sum(PoolLoad.Route one, PoolLoad.Route other) {
		Connections first = one.connections();
		Connections second = other.connections();
		return new PoolLoad.Route(OTHER, new Connections(first.leased() + second.leased(), first.idle() + second.idle(),
				first.pending() + second.pending()), one.max() + other.max());
	}

	private record Reading(long nanoTime, int maxTotal, Map<String, PoolLoad.Route> routes, List<Finding> findings) {
	}

}
