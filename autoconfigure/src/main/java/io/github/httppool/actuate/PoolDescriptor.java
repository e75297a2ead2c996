package io.github.httppool.actuate;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * JSON of a pool, with its problems first.
 *
 * @param findings the problems, most severe first
 * @param since when the pool was created
 * @param limits the limits in force
 * @param connections what the connections are doing
 * @param recent the activity of the last two minutes
 * @param totals the totals since the pool was created
 * @param leases the leases that have been held longest, at most 20
 * @param routes the busiest routes, at most 50
 * @param routeCount number of routes that the pool knows
 * @since 0.1.0
 */
@JsonPropertyOrder({ "findings", "since", "limits", "connections", "recent", "totals", "leases", "routes",
		"routeCount" })
public record PoolDescriptor(List<Problem> findings, Instant since, Limits limits, Connections connections,
		RecentDescriptor recent, TotalsDescriptor totals, List<Lease> leases, List<RouteDescriptor> routes,
		int routeCount) implements OperationResponseBody {

	static final int MOST_ROUTES = 50;

	static PoolDescriptor of(HttpPool pool) {
		return of(pool, MOST_ROUTES);
	}

	static PoolDescriptor of(HttpPool pool, int mostRoutes) {
		PoolSnapshot snapshot = pool.snapshot(mostRoutes);
		return new PoolDescriptor(pool.findings().stream().map(Problem::of).toList(), snapshot.since(),
				Limits.of(snapshot.limits()), Connections.of(snapshot.connections()),
				RecentDescriptor.of(snapshot.recent()), TotalsDescriptor.of(snapshot.totals()),
				pool.leases().stream().map(Lease::of).toList(),
				snapshot.routes().stream().map(RouteDescriptor::of).toList(), snapshot.routeCount());
	}

	/**
	 * JSON of the limits in force.
	 *
	 * @param maxTotal maximum number of connections of the pool
	 * @param maxPerRoute maximum number of connections per route
	 * @param maxIdlePerRoute maximum number of idle connections kept per route
	 * @param maxPending maximum number of waiting callers, -1 for no limit
	 * @since 0.1.0
	 */
	@JsonPropertyOrder({ "maxTotal", "maxPerRoute", "maxIdlePerRoute", "maxPending" })
	public record Limits(int maxTotal, int maxPerRoute, int maxIdlePerRoute, int maxPending) {

		static Limits of(PoolSnapshot.Limits limits) {
			return new Limits(limits.maxTotal(), limits.maxPerRoute(), limits.maxIdlePerRoute(), limits.maxPending());
		}

	}

	/**
	 * JSON of the number of connections and waiting callers.
	 *
	 * @param leased connections that a caller holds, including those being opened
	 * @param idle open connections that no caller holds
	 * @param pending callers that are waiting for a connection
	 * @since 0.1.0
	 */
	@JsonPropertyOrder({ "leased", "idle", "pending" })
	public record Connections(int leased, int idle, int pending) {

		static Connections of(PoolSnapshot.Connections connections) {
			return new Connections(connections.leased(), connections.idle(), connections.pending());
		}

	}

	/**
	 * JSON of a lease.
	 *
	 * @param route scheme, host and port, and the proxy if there is one
	 * @param heldForMillis how long the connection has been held
	 * @param thread the name of the thread that requested it
	 * @param call method and path, or {@code null} if they are not known
	 * @since 0.1.0
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "route", "heldForMillis", "thread", "call" })
	public record Lease(String route, long heldForMillis, String thread, @Nullable String call) {

		static Lease of(HeldLease lease) {
			return new Lease(lease.route(), lease.heldFor().toMillis(), lease.thread(), lease.call());
		}

	}

	/**
	 * JSON of a finding.
	 *
	 * @param code the kind of problem
	 * @param severity {@code info}, {@code warning} or {@code critical}
	 * @param route the route that has the problem, or {@code null} if it concerns the
	 * whole pool
	 * @param message what happens, with numbers
	 * @param advice what to do
	 * @since 0.1.0
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "code", "severity", "route", "message", "advice" })
	public record Problem(String code, String severity, @Nullable String route, String message, String advice) {

		static Problem of(Finding finding) {
			return new Problem(finding.code().name(), finding.severity().code(), finding.route(), finding.message(),
					finding.advice());
		}

	}

}
