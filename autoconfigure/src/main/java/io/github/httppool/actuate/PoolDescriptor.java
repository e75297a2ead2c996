package io.github.httppool.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.PoolSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of a pool as the endpoint shows it.
 *
 * @param limits the limits in force
 * @param connections what the connections are doing
 * @param totals what has happened since the application started
 * @param routes the same for each route
 * @since 0.1.0
 */
public record PoolDescriptor(PoolSnapshot.Limits limits, PoolSnapshot.Connections connections, Totals totals,
		List<Route> routes) implements OperationResponseBody {

	static PoolDescriptor of(PoolSnapshot snapshot) {
		return new PoolDescriptor(snapshot.limits(), snapshot.connections(), Totals.of(snapshot.totals()),
				snapshot.routes().stream().map(Route::of).toList());
	}

	/** Never rounded up to 1, which says that nothing was opened. */
	private static double rounded(double ratio) {
		return (ratio < 1) ? Math.min(Math.round(ratio * 1000), 999) / 1000.0 : ratio;
	}

	private static <K> Map<String, Long> byCode(Map<K, Long> counts, Function<K, String> code) {
		Map<String, Long> byCode = new LinkedHashMap<>();
		counts.forEach((key, count) -> byCode.put(code.apply(key), count));
		return byCode;
	}

	/**
	 * Description of what has happened.
	 *
	 * @param calls leases granted
	 * @param opened connections opened
	 * @param reused leases of a connection that was open already
	 * @param reuseRatio share of reused connections, from 0 to 1
	 * @param closed connections closed, by reason
	 * @param drained unread bodies, by the outcome of the drain
	 * @param acquireTimeouts callers that got no connection in time
	 * @param acquireRejected callers refused because too many were waiting
	 * @param leaks leases held for too long or lost by their callers
	 */
	public record Totals(long calls, long opened, long reused, double reuseRatio, Map<String, Long> closed,
			Map<String, Long> drained, long acquireTimeouts, long acquireRejected, long leaks) {

		static Totals of(PoolSnapshot.Totals totals) {
			return new Totals(totals.calls(), totals.opened(), totals.reused(), rounded(totals.reuseRatio()),
					byCode(totals.closed(), CloseReason::code), byCode(totals.drained(), DrainOutcome::code),
					totals.acquireTimeouts(), totals.acquireRejected(), totals.leaks());
		}

	}

	/**
	 * Description of a route.
	 *
	 * @param route scheme, host and port, and the proxy where there is one
	 * @param leased connections that a caller holds
	 * @param idle open connections that nobody holds
	 * @param pending callers that wait for a connection
	 * @param max most connections to this route
	 * @param opened connections opened
	 * @param reused leases of a connection that was open already
	 * @param reuseRatio share of reused connections, from 0 to 1
	 * @param closed connections closed, by reason
	 */
	public record Route(String route, int leased, int idle, int pending, int max, long opened, long reused,
			double reuseRatio, Map<String, Long> closed) {

		static Route of(PoolSnapshot.Route route) {
			return new Route(route.route(), route.leased(), route.idle(), route.pending(), route.max(), route.opened(),
					route.reused(), rounded(route.reuseRatio()), byCode(route.closed(), CloseReason::code));
		}

	}

}
