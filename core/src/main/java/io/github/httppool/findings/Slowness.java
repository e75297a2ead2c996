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
	 * Return the steps in which no pause explains half of what took long. A machine that
	 * has too much to do shows by pauses, too.
	 */
	Steps steps(RouteWindow route) {
		return route.steps().where((step) -> step.isCalm() && step.pause() <= this.mean.toNanos() / 2);
	}

}
