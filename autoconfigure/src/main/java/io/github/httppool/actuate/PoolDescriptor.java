package io.github.httppool.actuate;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of a pool as the endpoint shows it.
 *
 * @param limits the limits in force
 * @param connections what the connections are doing
 * @param totals what has happened since the application started
 * @param routes the same for the routes with the most leases, at most 50
 * @param routeCount how many routes the pool knows
 * @param leases the leases that have been held for the longest time
 * @param findings what is wrong, the severest first
 * @since 0.1.0
 */
public record PoolDescriptor(PoolSnapshot.Limits limits, PoolSnapshot.Connections connections, Totals totals,
		List<Route> routes, int routeCount, List<Lease> leases,
		List<Problem> findings) implements OperationResponseBody {

	private static final int MOST_ROUTES = 50;

	private static final Comparator<PoolSnapshot.Route> BUSIEST_FIRST = Comparator
		.comparingLong((PoolSnapshot.Route route) -> -(route.opened() + route.reused() + route.pending()))
		.thenComparing(PoolSnapshot.Route::route);

	static PoolDescriptor of(HttpPool pool) {
		PoolSnapshot snapshot = pool.snapshot();
		return new PoolDescriptor(snapshot.limits(), snapshot.connections(), Totals.of(snapshot.totals()),
				snapshot.routes().stream().sorted(BUSIEST_FIRST).limit(MOST_ROUTES).map(Route::of).toList(),
				snapshot.routes().size(), pool.leases().stream().map(Lease::of).toList(),
				pool.findings().stream().map(Problem::of).toList());
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
	 * @param drained unread bodies, by the outcome of the drain
	 * @param acquireTimeouts callers that got no connection in time
	 * @param acquireRejected callers refused because too many were waiting
	 * @param replayed requests sent again because a reused connection was stale
	 * @param leaks leases held for too long or lost by their callers
	 * @param waited waits for a connection that was not to be had at once
	 * @param held times for which connections were leased
	 * @param dns look-ups of addresses
	 * @param tcp connects, of single addresses
	 * @param tls TLS handshakes
	 */
	public record Route(String route, int leased, int idle, int pending, int max, long opened, long reused,
			double reuseRatio, Map<String, Long> closed, Map<String, Long> drained, long acquireTimeouts,
			long acquireRejected, long replayed, long leaks, Times waited, Times held, Times dns, Times tcp,
			Times tls) {

		static Route of(PoolSnapshot.Route route) {
			return new Route(route.route(), route.leased(), route.idle(), route.pending(), route.max(), route.opened(),
					route.reused(), rounded(route.reuseRatio()), byCode(route.closed(), CloseReason::code),
					byCode(route.drained(), DrainOutcome::code), route.acquireTimeouts(), route.acquireRejected(),
					route.replayed(), route.leaks(), Times.of(route.waited()), Times.of(route.held()),
					Times.of(route.dns()), Times.of(route.tcp()), Times.of(route.tls()));
		}

	}

	/**
	 * Description of how often something was done, and how long it took.
	 *
	 * @param count how often, including failures
	 * @param failures how often it failed
	 * @param mean how long it took on average, in whole microseconds
	 */
	public record Times(long count, long failures, Duration mean) {

		static Times of(PoolSnapshot.Times times) {
			return new Times(times.count(), times.failures(), times.mean().truncatedTo(ChronoUnit.MICROS));
		}

	}

	/**
	 * Description of a lease.
	 *
	 * @param route scheme, host and port, and the proxy where there is one
	 * @param heldFor how long the connection has been held, in whole milliseconds
	 * @param thread the name of the thread that asked for it
	 * @param call method and path, or {@code null} if it is not known
	 */
	public record Lease(String route, Duration heldFor, String thread, @Nullable String call) {

		static Lease of(HeldLease lease) {
			return new Lease(lease.route(), lease.heldFor().truncatedTo(ChronoUnit.MILLIS), lease.thread(),
					lease.call());
		}

	}

	/**
	 * Description of a finding.
	 *
	 * @param code what it is
	 * @param severity how bad it is: {@code info}, {@code warning} or {@code critical}
	 * @param route the route that it is about, or {@code null} if it is about the whole
	 * pool
	 * @param message what happens, with numbers
	 * @param advice what to do
	 */
	public record Problem(String code, String severity, @Nullable String route, String message, String advice) {

		static Problem of(Finding finding) {
			return new Problem(finding.code().name(), finding.severity().code(), finding.route(), finding.message(),
					finding.advice());
		}

	}

}
