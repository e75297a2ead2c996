package io.github.httppool.actuate;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the totals since the pool was created.
 *
 * @param calls leases granted
 * @param opened connections opened
 * @param reused leases of a connection that was open already
 * @param reuseRatio share of reused connections, from 0 to 1, or {@code null} if nothing
 * was leased
 * @param closed connections closed, by reason
 * @param drained unread bodies, by the outcome of the drain
 * @param acquireTimeouts callers that got no connection in time
 * @param acquireRejected callers refused because too many were waiting
 * @param replayed requests sent again because a reused connection was stale
 * @param leaks leases held for too long or lost by their callers
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "calls", "opened", "reused", "reuseRatio", "closed", "drained", "acquireTimeouts",
		"acquireRejected", "replayed", "leaks" })
public record TotalsDescriptor(long calls, long opened, long reused, @Nullable Double reuseRatio,
		Map<String, Long> closed, Map<String, Long> drained, long acquireTimeouts, long acquireRejected, long replayed,
		long leaks) {

	static TotalsDescriptor of(PoolSnapshot.Totals totals) {
		return new TotalsDescriptor(totals.calls(), totals.opened(), totals.reused(),
				reuseRatio(totals.opened(), totals.reused()), Numbers.byCode(totals.closed(), CloseReason::code),
				Numbers.byCode(totals.drained(), DrainOutcome::code), totals.acquireTimeouts(),
				totals.acquireRejected(), totals.replayed(), totals.leaks());
	}

	static @Nullable Double reuseRatio(long opened, long reused) {
		long leases = opened + reused;
		return (leases != 0) ? Numbers.ratio((double) reused / leases) : null;
	}

}
