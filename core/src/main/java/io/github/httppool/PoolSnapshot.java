package io.github.httppool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The numbers of a pool at one moment. Totals count from the creation of the pool. Lists
 * and maps are unmodifiable.
 *
 * @param name the name of the pool
 * @param since when the pool was created
 * @param limits the limits in force
 * @param connections what the connections are doing
 * @param recent the activity of the last two minutes, or since the end of the last pause
 * of at least two minutes
 * @param totals the totals of the pool
 * @param routes the numbers of each route with a connection or recent calls, sorted by
 * name; or those of the busiest routes only, busiest first
 * @param routeCount number of routes that the pool knows
 * @since 0.1.0
 */
public record PoolSnapshot(String name, Instant since, Limits limits, Connections connections, PoolActivity recent,
		Totals totals, List<Route> routes, int routeCount) {

	/**
	 * Limits in force.
	 *
	 * @param maxTotal maximum number of connections of the pool
	 * @param maxPerRoute maximum number of connections per route
	 * @param maxIdlePerRoute maximum number of idle connections kept per route
	 * @param maxPending maximum number of callers waiting for a connection, -1 for no
	 * limit
	 * @since 0.1.0
	 */
	public record Limits(int maxTotal, int maxPerRoute, int maxIdlePerRoute, int maxPending) {
	}

	/**
	 * What the connections are doing.
	 *
	 * @param leased connections that a caller holds, including those being opened
	 * @param idle open connections that no caller holds
	 * @param pending callers that are waiting for a connection
	 * @since 0.1.0
	 */
	public record Connections(int leased, int idle, int pending) {

		/** No connections. */
		public static final Connections NONE = new Connections(0, 0, 0);

	}

	/**
	 * Totals since the pool was created, or since the first call to a route.
	 *
	 * @param calls leases granted; each redirect is a further lease
	 * @param opened connections opened
	 * @param reused leases of a connection that was open already
	 * @param closed connections closed, by reason; reasons that did not occur are left
	 * out
	 * @param drained unread bodies, by the outcome of the drain; outcomes that did not
	 * occur are left out
	 * @param acquireTimeouts callers that got no connection within the acquire timeout
	 * @param acquireRejected callers rejected because too many were waiting
	 * @param replayed requests sent again because a reused connection was stale
	 * @param leaks leases that were reported as leaks, each counted once: held for longer
	 * than the leak detection threshold, even if released later, or lost by their callers
	 * @since 0.1.0
	 */
	public record Totals(long calls, long opened, long reused, Map<CloseReason, Long> closed,
			Map<DrainOutcome, Long> drained, long acquireTimeouts, long acquireRejected, long replayed, long leaks) {

		/** Nothing has happened yet. */
		public static final Totals NONE = new Totals(0, 0, 0, Map.of(), Map.of(), 0, 0, 0, 0);

		/**
		 * Return the share of reused connections.
		 * @return a number from 0 to 1, 0 if nothing was leased
		 */
		public double reuseRatio() {
			long leases = this.reused + this.opened;
			return (leases != 0) ? (double) this.reused / leases : 0;
		}

	}

	/**
	 * The numbers of one route.
	 *
	 * @param route scheme, host and port, and the proxy if there is one
	 * @param connections what the connections to this route are doing
	 * @param max maximum number of connections of this route
	 * @param recent the activity of the last two minutes, or since the end of the pool's
	 * last pause of at least two minutes
	 * @param totals the totals of the route
	 * @param waited waits for a connection that was not immediately available; a failure
	 * is a caller that got none
	 * @param held leases that have ended, with the time that they lasted
	 * @param dns DNS lookups
	 * @param tcp TCP connects, each to a single address
	 * @param tls TLS handshakes
	 * @since 0.1.0
	 */
	public record Route(String route, Connections connections, int max, PoolActivity recent, Totals totals,
			Times waited, Times held, Times dns, Times tcp, Times tls) {
	}

	/**
	 * Number and mean time of operations.
	 *
	 * @param count number of operations, including failures
	 * @param failures number of failures
	 * @param mean mean time, zero if there were none
	 * @since 0.1.0
	 */
	public record Times(long count, long failures, Duration mean) {

		/** No operations. */
		public static final Times NONE = new Times(0, 0, Duration.ZERO);

	}

}
