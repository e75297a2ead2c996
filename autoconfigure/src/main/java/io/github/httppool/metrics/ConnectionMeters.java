package io.github.httppool.metrics;

import io.github.httppool.CloseReason;
import io.micrometer.core.instrument.Timer;

/**
 * Registers the meters of connections under the names of one convention.
 */
interface ConnectionMeters {

	/**
	 * Register the gauges of a route's connections.
	 */
	void bindGauges(PoolReadings pool, String route, RegistryMeters registry);

	/**
	 * Return the timer for the age of connections when they are closed.
	 */
	Timer.Builder age(String pool, String route, CloseReason reason);

}
