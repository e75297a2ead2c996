package io.github.httppool.metrics;

import io.github.httppool.CloseReason;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of connections, which each convention names in its own way.
 */
interface ConnectionMeters {

	/**
	 * Register what shows the connections of a route at any moment.
	 */
	void bindGauges(PoolMeters pool, String route, RegistryMeters registry);

	/**
	 * Describe what measures the age of connections when they are closed.
	 */
	Timer.Builder age(PoolMeters pool, String route, CloseReason reason);

}
