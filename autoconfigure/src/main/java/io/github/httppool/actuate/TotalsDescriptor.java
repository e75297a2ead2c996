package io.github.httppool.actuate;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the totals of a pool since it was created, or of a route since its first call.
 *
 * @param calls leases granted, or {@code null} for a route
 * @param opened connections opened
 * @param reused leases of a connection that was already open
 * @param reuseRatio share of reused connections, from 0 to 1, or {@code null} if nothing
 * was leased
 * @param closed connections closed, by reason
 * @param drained unread bodies, by the outcome of the drain
 * @param acquireTimeouts callers that got no connection in time
 * @param acquireRejected callers rejected because too many were waiting
 * @param replayed requests sent again because a reused connection was stale
 * @param leaks leases held for too long or lost by their callers
 * @param waited waits for a connection that was not immediately available; this and the
 * following values are {@code null} for a pool
 * @param held leases that have ended, with the time that they lasted
 * @param dns DNS lookups
 * @param tcp TCP connects, each to a single address
 * @param tls TLS handshakes
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "calls", "opened", "reused", "reuseRatio", "closed", "drained", "acquireTimeouts",
		"acquireRejected", "replayed", "leaks", "waited", "held", "dns", "tcp", "tls" })
public record TotalsDescriptor(@Nullable Long calls, long opened, long reused, @Nullable Double reuseRatio,
		Map<String, Long> closed, Map<String, Long> drained, long acquireTimeouts, long acquireRejected, long replayed,
		long leaks, @Nullable Times waited, @Nullable Times held, @Nullable Times dns, @Nullable Times tcp,
		@Nullable Times tls) {

	static TotalsDescriptor of(PoolSnapshot.Totals totals) {
		return of(totals.calls(), totals, null, null, null, null, null);
	}

	static TotalsDescriptor of(PoolSnapshot.Route route) {
		return of(null, route.totals(), Times.of(route.waited()), Times.of(route.held()), Times.of(route.dns()),
				Times.of(route.tcp()), Times.of(route.tls()));
	}

	private static TotalsDescriptor of(@Nullable Long calls, PoolSnapshot.Totals totals, @Nullable Times waited,
			@Nullable Times held, @Nullable Times dns, @Nullable Times tcp, @Nullable Times tls) {
		boolean leased = totals.opened() + totals.reused() != 0;
		return new TotalsDescriptor(calls, totals.opened(), totals.reused(),
				leased ? Numbers.ratio(totals.reuseRatio()) : null, Numbers.byCode(totals.closed(), CloseReason::code),
				Numbers.byCode(totals.drained(), DrainOutcome::code), totals.acquireTimeouts(),
				totals.acquireRejected(), totals.replayed(), totals.leaks(), waited, held, dns, tcp, tls);
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
