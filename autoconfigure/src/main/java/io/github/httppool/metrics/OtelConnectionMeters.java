package io.github.httppool.metrics;

import java.time.Duration;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;

/**
 * Meters of connections with the names, attributes and buckets of OpenTelemetry's
 * semantic conventions for HTTP clients (in development there). Pool and route are
 * additional tags, because two pools, or two proxies, can lead to the same server.
 */
final class OtelConnectionMeters implements ConnectionMeters {

	private static final Duration[] AGES = LongStream
		.of(10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000)
		.mapToObj(Duration::ofMillis)
		.toArray(Duration[]::new);

	@Override
	public void bindGauges(PoolReadings pool, String route, RegistryMeters registry) {
		connections(pool, route, "active", Connections::leased, registry);
		connections(pool, route, "idle", Connections::idle, registry);
		registry.gauge(Gauge
			.builder("http.client.active_requests", pool, (readings) -> active(readings.route(route).connections()))
			.description("Requests in progress, including those that wait for a connection")
			.baseUnit("requests")
			.tags(tags(pool.pool(), route)));
	}

	private static int active(Connections connections) {
		return connections.leased() + connections.pending();
	}

	private void connections(PoolReadings pool, String route, String state, ToIntFunction<Connections> number,
			RegistryMeters registry) {
		registry.gauge(Gauge
			.builder("http.client.open_connections", pool,
					(readings) -> number.applyAsInt(readings.route(route).connections()))
			.description("Connections, active for a caller or idle")
			.baseUnit(BaseUnits.CONNECTIONS)
			.tags(tags(pool.pool(), route))
			.tag("http.connection.state", state));
	}

	@Override
	public Timer.Builder age(String pool, String route, CloseReason reason) {
		return Timer.builder("http.client.connection.duration")
			.description("Age of connections when they were closed, by reason")
			.serviceLevelObjectives(AGES)
			.tags(tags(pool, route))
			.tag("reason", reason.code());
	}

	private static Tags tags(String pool, String route) {
		return Server.of(route).tags().and("pool", pool, "route", route);
	}

	/**
	 * The server to which a route leads, behind any proxy.
	 */
	private record Server(String scheme, String address, String port) {

		private static final Server OTHER = new Server(PoolReadings.OTHER, PoolReadings.OTHER, "0");

		/**
		 * Parse the name of a route: {@code scheme://host:port}, optionally with a proxy.
		 */
		static Server of(String route) {
			int schemeEnd = route.indexOf("://");
			if (schemeEnd < 0) {
				return OTHER;
			}
			String scheme = route.substring(0, schemeEnd);
			int end = route.indexOf(' ', schemeEnd);
			String authority = route.substring(schemeEnd + 3, (end >= 0) ? end : route.length());
			int colon = authority.lastIndexOf(':');
			if (colon < authority.lastIndexOf(']') || colon < 0) {
				return new Server(scheme, unbracketed(authority), "https".equals(scheme) ? "443" : "80");
			}
			return new Server(scheme, unbracketed(authority.substring(0, colon)), authority.substring(colon + 1));
		}

		private static String unbracketed(String host) {
			return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
		}

		Tags tags() {
			return Tags.of("server.address", this.address, "server.port", this.port, "url.scheme", this.scheme);
		}

	}

}
