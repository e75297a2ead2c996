package io.github.httppool;

import java.util.List;

/**
 * The load of a pool at one moment, for monitoring systems that poll often. Immutable.
 *
 * @param maxTotal maximum number of connections of the pool
 * @param findings the problems that the pool detected at its last check, a few seconds
 * ago
 * @param routes the load of each route with a connection or recent calls, in no
 * particular order
 * @since 0.1.0
 */
public record PoolLoad(int maxTotal, List<Finding> findings, List<Route> routes) {

	/**
	 * The load of a route.
	 *
	 * @param route scheme, host and port, and the proxy if there is one
	 * @param connections what the connections to this route are doing
	 * @param max maximum number of connections of this route
	 * @since 0.1.0
	 */
	public record Route(String route, PoolSnapshot.Connections connections, int max) {
	}

}
