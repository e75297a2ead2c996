package io.github.httppool.findings;

import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HeldLease;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a route at one moment. Counts and times are those since counting began; what
 * is said to be of the last sample is that since the sample before.
 *
 * @param route scheme, host and port, and the proxy where there is one
 * @param since when counting began, in nanoseconds of {@link System#nanoTime()}: a route
 * that nobody uses is forgotten, and begins anew when it is used again
 * @param leased connections that a caller holds, including those being opened
 * @param idle open connections that nobody holds
 * @param pending callers that wait for a connection
 * @param max most connections to this route
 * @param maxProperty the property that says so
 * @param peakLeased most connections leased at once, of the last sample
 * @param peakPending most callers that waited at once, of the last sample
 * @param opened connections opened
 * @param reused leases of a connection that was open already
 * @param closed connections closed, by reason
 * @param drained unread bodies, by the outcome of the drain
 * @param undrainedCall the last call whose unread body was too large or too slow, method
 * and path, or {@code null}
 * @param acquireTimeouts callers that got no connection in time
 * @param acquireRejected callers refused because too many were waiting
 * @param staleLeased connections that a caller had leased, or was about to, when they
 * turned out to be closed by the server
 * @param replayed requests sent again because of that
 * @param leaks leases reported as leaks
 * @param lastLeak the last of them, or {@code null}
 * @param connectFailed connections that could not be opened, whatever failed: lookup,
 * connects of all addresses, proxy or TLS handshake
 * @param connectFailure the simple name of the last exception for which one could not be
 * opened, or {@code null}
 * @param serverClosedIdle connections that the server closed while they were idle,
 * whether that was noticed by the housekeeper, before a lease or by the request that
 * failed
 * @param shortestIdle shortest time for which one of them had been idle when that was
 * noticed, in nanoseconds, of the last sample, or -1 if there was none
 * @param waited waits for a connection that was not to be had at once
 * @param held times for which connections were leased
 * @param dns lookups of addresses
 * @param tcp connects, of single addresses
 * @param tls TLS handshakes
 * @param tlsResumed TLS handshakes that resumed a session
 * @param survivedIdle longest time for which a connection had been idle that served again
 * after it, in nanoseconds, of the last sample
 * @param madeRoom idle connections closed to make room for another route
 * @param loggedIn connections given up because they were logged in for one caller
 * @param callerCloses responses after which this side closed, though the server would
 * have kept the connection
 */
public record RouteFigures(String route, long since, int leased, int idle, int pending, int max, String maxProperty,
		int peakLeased, int peakPending, long opened, long reused, Map<CloseReason, Long> closed,
		Map<DrainOutcome, Long> drained, @Nullable String undrainedCall, long acquireTimeouts, long acquireRejected,
		long staleLeased, long replayed, long leaks, @Nullable HeldLease lastLeak, long connectFailed,
		@Nullable String connectFailure, long serverClosedIdle, long shortestIdle, Timing waited, Timing held,
		Timing dns, Timing tcp, Timing tls, long tlsResumed, long survivedIdle, long madeRoom, long loggedIn,
		long callerCloses) {

	/**
	 * What sets the limit of a route that has none of its own.
	 */
	public static final String MAX_PER_ROUTE = "http-pool.max-per-route";

	/**
	 * Return the numbers of a route that nothing has happened on.
	 */
	static RouteFigures none(String route) {
		return new RouteFigures(route, 0, 0, 0, 0, 0, MAX_PER_ROUTE, 0, 0, 0, 0, Map.of(), Map.of(), null, 0, 0, 0, 0,
				0, null, 0, null, 0, -1, Timing.NONE, Timing.NONE, Timing.NONE, Timing.NONE, Timing.NONE, 0, 0, 0, 0,
				0);
	}

	/**
	 * Return the number of leases.
	 */
	long leases() {
		return this.opened + this.reused;
	}

}
