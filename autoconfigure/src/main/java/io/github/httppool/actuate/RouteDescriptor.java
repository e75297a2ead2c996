package io.github.httppool.actuate;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * JSON of a route.
 *
 * @param route scheme, host and port, and the proxy where there is one
 * @param max maximum number of connections of this route
 * @param leased connections that a caller holds, including those being opened
 * @param idle open connections that no caller holds
 * @param pending callers that are waiting for a connection
 * @param recent the activity of the last two minutes
 * @param totals the totals since the first call to the route
 * @since 0.1.0
 */
@JsonPropertyOrder({ "route", "max", "leased", "idle", "pending", "recent", "totals" })
public record RouteDescriptor(String route, int max, int leased, int idle, int pending, RecentDescriptor recent,
		Totals totals) {

	static RouteDescriptor of(PoolSnapshot.Route route) {
		return new RouteDescriptor(route.route(), route.max(), route.leased(), route.idle(), route.pending(),
				RecentDescriptor.of(route.recent()), Totals.of(route));
	}

	/**
	 * JSON of the totals of a route.
	 *
	 * @param opened connections opened
	 * @param reused leases of a connection that was open already
	 * @param reuseRatio share of reused connections, from 0 to 1, or {@code null} if
	 * nothing was leased
	 * @param closed connections closed, by reason
	 * @param drained unread bodies, by the outcome of the drain
	 * @param acquireTimeouts callers that got no connection in time
	 * @param acquireRejected callers refused because too many were waiting
	 * @param replayed requests sent again because a reused connection was stale
	 * @param leaks leases held for too long or lost by their callers
	 * @param waited waits for a connection that was not available at once
	 * @param held leases that have ended, with the time that they lasted
	 * @param dns DNS lookups
	 * @param tcp TCP connects, each to a single address
	 * @param tls TLS handshakes
	 * @since 0.1.0
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "opened", "reused", "reuseRatio", "closed", "drained", "acquireTimeouts", "acquireRejected",
			"replayed", "leaks", "waited", "held", "dns", "tcp", "tls" })
	public record Totals(long opened, long reused, @Nullable Double reuseRatio, Map<String, Long> closed,
			Map<String, Long> drained, long acquireTimeouts, long acquireRejected, long replayed, long leaks,
			Times waited, Times held, Times dns, Times tcp, Times tls) {

		static Totals of(PoolSnapshot.Route route) {
			return new Totals(route.opened(), route.reused(),
					TotalsDescriptor.reuseRatio(route.opened(), route.reused()),
					Numbers.byCode(route.closed(), CloseReason::code),
					Numbers.byCode(route.drained(), DrainOutcome::code), route.acquireTimeouts(),
					route.acquireRejected(), route.replayed(), route.leaks(), Times.of(route.waited()),
					Times.of(route.held()), Times.of(route.dns()), Times.of(route.tcp()), Times.of(route.tls()));
		}

	}

	/**
	 * JSON of the number and mean time of operations.
	 *
	 * @param count number of operations, including failures
	 * @param failures number of failures
	 * @param meanMillis mean time, or {@code null} if there were none
	 * @since 0.1.0
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "count", "failures", "meanMillis" })
	public record Times(long count, long failures, @Nullable Double meanMillis) {

		static Times of(PoolSnapshot.Times times) {
			return new Times(times.count(), times.failures(),
					(times.count() != 0) ? Numbers.millis(times.mean()) : null);
		}

	}

}
