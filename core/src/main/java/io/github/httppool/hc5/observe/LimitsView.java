package io.github.httppool.hc5.observe;

import io.github.httppool.RouteLimit;
import io.github.httppool.findings.RouteFigures;

/**
 * The limits of a pool that are currently in force.
 */
public interface LimitsView {

	int maxTotal();

	/**
	 * Return the limit of routes without a limit of their own.
	 */
	int maxPerRoute();

	int maxPerRoute(RouteStats route);

	int maxIdlePerRoute();

	int maxIdlePerRoute(RouteStats route);

	/**
	 * Return whether there are more connections than a lowered limit allows, so that one
	 * that is released must be closed.
	 */
	boolean isExceeded(RouteStats route);

	/**
	 * Return the property that sets the limit of a route.
	 */
	static String property(RouteStats route) {
		RouteLimit own = route.ownLimit();
		return (own != null) ? "http-pool.routes.%s.max-connections".formatted(own.name()) : RouteFigures.MAX_PER_ROUTE;
	}

}
