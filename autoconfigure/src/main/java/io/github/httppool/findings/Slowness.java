package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * When a step on the way to a connection is slow: on average, again and again, and
 * neither because it fails nor because everything stands still at times.
 *
 * @param mean the average from which on it is
 * @param timing the step
 */
record Slowness(Duration mean, Function<RouteChange, Timing> timing) {

	/** Fewer are too few for an average. */
	static final int LEAST = 5;

	boolean isTrueOf(PoolWindow window, RouteWindow route) {
		Timing all = this.timing.apply(route.total());
		Predicate<RouteChange> slow = (step) -> this.timing.apply(step).mean() >= this.mean.toNanos();
		return all.count() >= LEAST && all.mean() >= this.mean.toNanos() && all.mean() > window.longestPause()
				&& route.isRepeated(slow) && !FailingConnects.isTrueOf(route);
	}

}
