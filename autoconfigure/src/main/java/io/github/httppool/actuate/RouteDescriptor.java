package io.github.httppool.actuate;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.PoolSnapshot;

/**
 * JSON of a route.
 *
 * @param route scheme, host and port, and the proxy if there is one
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
		TotalsDescriptor totals) {

	static RouteDescriptor of(PoolSnapshot.Route route) {
		PoolSnapshot.Connections connections = route.connections();
		return new RouteDescriptor(route.route(), route.max(), connections.leased(), connections.idle(),
				connections.pending(), RecentDescriptor.of(route.recent()), TotalsDescriptor.of(route));
	}

}
