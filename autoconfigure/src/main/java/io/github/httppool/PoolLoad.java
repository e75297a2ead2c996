package io.github.httppool;

import java.util.List;

/**
 * What a pool bears at one moment: what a monitoring system asks for again and again.
 *
 * @param maxTotal maximum number of connections of the pool
 * @param findings what is wrong, as the pool saw it at its last look, a few seconds ago
 * @param routes the same for each route with a connection or recent calls, in no order
 * @since 0.1.0
 */
public record PoolLoad(int maxTotal, List<Finding> findings, List<Route> routes) {

	/**
	 * What a route bears.
	 *
	 * @param route scheme, host and port, and the proxy where there is one
	 * @param leased connections that a caller holds, including those being opened
	 * @param idle open connections that nobody holds
	 * @param pending callers that wait for a connection
	 * @param max maximum number of connections to this route
	 */
	public record Route(String route, int leased, int idle, int pending, int max) {
	}

}
