package io.github.httppool.metrics;

import io.github.httppool.PoolLoad;

/**
 * The load of a route, or the total of several routes, at one moment.
 *
 * @param leased leased connections
 * @param idle idle connections
 * @param pending callers that wait for a connection
 * @param max maximum number of connections
 */
record RouteLoad(int leased, int idle, int pending, int max) {

	static final RouteLoad NONE = new RouteLoad(0, 0, 0, 0);

	static RouteLoad of(PoolLoad.Route route) {
		return new RouteLoad(route.leased(), route.idle(), route.pending(), route.max());
	}

	RouteLoad plus(RouteLoad other) {
		return new RouteLoad(this.leased + other.leased, this.idle + other.idle, this.pending + other.pending,
				this.max + other.max);
	}

}
