package io.github.httppool.metrics;

import java.util.function.ToIntFunction;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of connections with the names of this project.
 */
final class PoolConnectionMeters implements ConnectionMeters {

	@Override
	public void bindGauges(PoolReadings pool, String route, RegistryMeters registry) {
		connections(pool, route, "leased", Connections::leased, registry);
		connections(pool, route, "idle", Connections::idle, registry);
	}

	private void connections(PoolReadings pool, String route, String state, ToIntFunction<Connections> number,
			RegistryMeters registry) {
		registry.gauge(Gauge
			.builder("http.pool.connections", pool,
					(readings) -> number.applyAsInt(readings.route(route).connections()))
			.description("Connections, leased by a caller or idle")
			.tag("pool", pool.pool())
			.tag("route", route)
			.tag("state", state));
	}

	@Override
	public Timer.Builder age(String pool, String route, CloseReason reason) {
		return Timer.builder("http.pool.connection.age")
			.description("Age of connections when they were closed, by reason")
			.tag("pool", pool)
			.tag("route", route)
			.tag("reason", reason.code());
	}

}
