package io.github.httppool.metrics;

import java.util.function.ToIntFunction;

import io.github.httppool.CloseReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of connections with the names of this project.
 */
final class PoolConnectionMeters implements ConnectionMeters {

	@Override
	public void bindGauges(PoolMeters pool, String route, RegistryMeters registry) {
		connections(pool, route, "leased", RouteLoad::leased, registry);
		connections(pool, route, "idle", RouteLoad::idle, registry);
	}

	private void connections(PoolMeters pool, String route, String state, ToIntFunction<RouteLoad> number,
			RegistryMeters registry) {
		registry.gauge(Gauge.builder("http.pool.connections", pool, (meters) -> number.applyAsInt(meters.load(route)))
			.description("Connections, leased by a caller or idle")
			.tag("pool", pool.name())
			.tag("route", route)
			.tag("state", state));
	}

	@Override
	public Timer.Builder age(PoolMeters pool, String route, CloseReason reason) {
		return Timer.builder("http.pool.connection.age")
			.description("Age of connections when they were closed, by reason")
			.tag("pool", pool.name())
			.tag("route", route)
			.tag("reason", reason.code());
	}

}
