package io.github.httppool.findings;

import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HeldLease;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of a route at one moment. Counts and times are cumulative. Values "of
 * the last sample" cover the time since the previous sample.
 *
 * @param route scheme, host and port, and the proxy if there is one
 * @param since when counting began, in nanoseconds of {@link System#nanoTime()}: an
 * unused route is removed, and counting starts again when it is next used
 * @param leased leased connections, including those being opened
 * @param idle idle connections
 * @param pending callers that wait for a connection
 * @param max maximum number of connections to this route
 * @param maxProperty the property that sets this maximum
 * @param peakLeased maximum number of leased connections, of the last sample
 * @param peakPending maximum number of waiting callers, of the last sample
 * @param opened connections opened
 * @param reused leases of a connection that was open already
 * @param closed connections closed, by reason
 * @param drained unread bodies, by the outcome of the drain
 * @param undrainedCall the last call whose unread body was too large or too slow, method
 * and path, or {@code null}
 * @param acquireTimeouts callers that got no connection in time
 * @param acquireRejected callers refused because too many were waiting
 * @param staleLeased connections that the server was found to have closed when a caller
 * leased or used them
 * @param replayed requests that were retried because of that
 * @param leaks leases reported as leaks
 * @param lastLeak the last of them, or {@code null}
 * @param connectFailed connections that could not be opened, because a lookup, all TCP
 * connects, the proxy or the TLS handshake failed
 * @param connectFailure the simple class name of the last such exception, or {@code null}
 * @param serverClosedIdle connections that the server closed while they were idle,
 * detected by the housekeeper, before a lease, or by a failed request
 * @param shortestIdle shortest idle time of these connections when this was detected, in
 * nanoseconds, of the last sample, or -1 if there were none
 * @param waited waits for a connection that was not available at once
 * @param held times for which connections were leased
 * @param dns lookups of addresses
 * @param tcp connects, of single addresses
 * @param tls TLS handshakes
 * @param tlsResumed TLS handshakes that resumed a session
 * @param survivedIdle longest idle time after which a connection was still usable, in
 * nanoseconds, of the last sample
 * @param madeRoom idle connections closed to make room for another route
 * @param loggedIn connections closed because they were authenticated for one caller
 * @param callerCloses responses after which this side closed the connection although the
 * server would have kept it
 */
public record RouteFigures(String route, long since, int leased, int idle, int pending, int max, String maxProperty,
		int peakLeased, int peakPending, long opened, long reused, Map<CloseReason, Long> closed,
		Map<DrainOutcome, Long> drained, @Nullable String undrainedCall, long acquireTimeouts, long acquireRejected,
		long staleLeased, long replayed, long leaks, @Nullable HeldLease lastLeak, long connectFailed,
		@Nullable String connectFailure, long serverClosedIdle, long shortestIdle, Timing waited, Timing held,
		Timing dns, Timing tcp, Timing tls, long tlsResumed, long survivedIdle, long madeRoom, long loggedIn,
		long callerCloses) {

	/**
	 * The property that limits routes without a limit of their own.
	 */
	public static final String MAX_PER_ROUTE = "http-pool.max-per-route";

	/**
	 * Return the statistics of an unused route.
	 */
	static RouteFigures none(String route) {
		return new RouteFigures(route, 0, 0, 0, 0, 0, MAX_PER_ROUTE, 0, 0, 0, 0, Map.of(), Map.of(), null, 0, 0, 0, 0,
				0, null, 0, null, 0, -1, Timing.NONE, Timing.NONE, Timing.NONE, Timing.NONE, Timing.NONE, 0, 0, 0, 0,
				0);
	}

	long leases() {
		return this.opened + this.reused;
	}

}
