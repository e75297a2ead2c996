package io.github.httppool.hc5.observe;

import java.util.Collection;
import java.util.List;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.hc5.net.Housekeeper;
import org.jspecify.annotations.Nullable;

/**
 * A pool as observers see it. The pool implements this interface, so that this package
 * does not depend on the pool's package.
 */
public interface PoolView {

	String name();

	HttpPoolSettings settings();

	LimitsView limits();

	Counters counters();

	ConnectionCounts tally();

	OpeningRate openings();

	Housekeeper housekeeper();

	/**
	 * Returns the number of callers that wait for a connection.
	 */
	int pending();

	/**
	 * Returns how often the settings have changed.
	 */
	int generation();

	boolean isInUse();

	Collection<? extends RouteStats> allRoutes();

	List<LeaseFigures> leaseFigures();

	@Nullable LeaseView longestLease();

}
