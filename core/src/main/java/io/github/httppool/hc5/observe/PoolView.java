package io.github.httppool.hc5.observe;

import java.util.Collection;
import java.util.List;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.hc5.net.Housekeeper;
import org.jspecify.annotations.Nullable;

/**
 * What observers read of a pool. The pool implements it, so that this package knows
 * nothing of the pool.
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
