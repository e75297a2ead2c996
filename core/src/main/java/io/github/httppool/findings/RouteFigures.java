package io.github.httppool.findings;

import io.github.httppool.HeldLease;
import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.PoolSnapshot.Totals;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a route at one moment. Counts and times are cumulative. Values "of
 * the last sample" cover the time since the previous sample.
 *
 * @param route scheme, host and port, and the proxy if there is one
 * @param since when counting began, in nanoseconds of {@link System#nanoTime()}: an
 * unused route is removed, and counting starts again when it is next used
 * @param connections what the connections are doing
 * @param max maximum number of connections to this route
 * @param maxProperty the property that sets this maximum
 * @param peakLeased maximum number of leased connections, of the last sample
 * @param peakPending maximum number of waiting callers, of the last sample
 * @param totals the totals of leases, closes and drains
 * @param waited waits for a connection that was not immediately available
 * @param held times for which connections were leased
 * @param connects how connections were opened
 * @param idle what happened to idle connections
 * @param callerCloses responses after which this side closed the connection although the
 * server would have kept it
 * @param loggedIn connections closed because they were authenticated for one caller
 * @param undrainedCall the last call whose unread body was too large or too slow, method
 * and path, or {@code null}
 * @param lastLeak the last lease that was reported as a leak, or {@code null}
 */
public record RouteFigures(String route, long since, Connections connections, int max, String maxProperty,
		int peakLeased, int peakPending, Totals totals, Timing waited, Timing held, Connects connects, Idle idle,
		long callerCloses, long loggedIn, @Nullable String undrainedCall, @Nullable HeldLease lastLeak) {

	/**
	 * The property that limits routes without an individual limit.
	 */
	public static final String MAX_PER_ROUTE = "http-pool.max-per-route";

	/**
	 * Return the statistics of an unused route.
	 */
	static RouteFigures none(String route) {
		return new RouteFigures(route, 0, Connections.NONE, 0, MAX_PER_ROUTE, 0, 0, Totals.NONE, Timing.NONE,
				Timing.NONE, new Connects(Timing.NONE, Timing.NONE, Timing.NONE, 0, 0, null), new Idle(0, 0, -1, 0, 0),
				0, 0, null, null);
	}

	/**
	 * How the connections of a route were opened.
	 *
	 * @param dns lookups of addresses
	 * @param tcp connects, of single addresses
	 * @param tls TLS handshakes
	 * @param tlsResumed TLS handshakes that resumed a session
	 * @param failed connections that could not be opened, because a lookup, all TCP
	 * connects, the proxy or the TLS handshake failed
	 * @param failure the simple class name of the last such exception, or {@code null}
	 */
	public record Connects(Timing dns, Timing tcp, Timing tls, long tlsResumed, long failed, @Nullable String failure) {
	}

	/**
	 * What happened to the idle connections of a route.
	 *
	 * @param staleLeased connections that the server was found to have closed when a
	 * caller leased or used them
	 * @param serverClosed connections that the server closed while they were idle,
	 * detected by the housekeeper, before a lease, or by a failed request
	 * @param shortest shortest idle time of these connections when this was detected, in
	 * nanoseconds, of the last sample, or -1 if there were none
	 * @param survived longest idle time after which a connection was still usable, in
	 * nanoseconds, of the last sample
	 * @param madeRoom connections closed to make room for another route
	 */
	public record Idle(long staleLeased, long serverClosed, long shortest, long survived, long madeRoom) {
	}

}
