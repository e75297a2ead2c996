package io.github.httppool.metrics;

import io.github.httppool.PoolSnapshot;

/**
 * What a route, or several of them together, bear at one moment.
 *
 * @param leased connections that a caller holds
 * @param idle open connections that nobody holds
 * @param pending callers that wait for a connection
 */
record RouteLoad(int leased, int idle, int pending) {

	static final RouteLoad NONE = new RouteLoad(0, 0, 0);

	static RouteLoad of(PoolSnapshot.Route route) {
		return new RouteLoad(route.leased(), route.idle(), route.pending());
	}

	RouteLoad plus(RouteLoad other) {
		return new RouteLoad(this.leased + other.leased, this.idle + other.idle, this.pending + other.pending);
	}

}
