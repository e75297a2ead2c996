package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Defines when a step of opening a connection is slow: on average and repeatedly, and not
 * because of failures or pauses of the process.
 *
 * @param mean the minimum average duration of a slow step
 * @param timing the step
 */
record Slowness(Duration mean, Function<RouteChange, Timing> timing) {

	/**
	 * Minimum number of measurements for an average.
	 */
	static final int LEAST = 5;

	boolean isTrueOf(PoolWindow window, RouteWindow route) {
		if (this.timing.apply(route.total()).count() < LEAST) {
			return false;
		}
		Timing all = timing(route);
		Predicate<RouteChange> slow = (step) -> this.timing.apply(step).mean() >= this.mean.toNanos();
		return all.count() >= LEAST && all.mean() >= this.mean.toNanos() && steps(route).isRepeated(slow)
				&& !FailingConnects.isTrueOf(route);
	}

	Timing timing(RouteWindow route) {
		return steps(route).timing(this.timing);
	}

	/**
	 * Return the steps in which no pause explains half of the duration. An overloaded
	 * machine also causes pauses.
	 */
	Steps steps(RouteWindow route) {
		return route.steps().where((step) -> step.isCalm() && step.pause() <= this.mean.toNanos() / 2);
	}

}
