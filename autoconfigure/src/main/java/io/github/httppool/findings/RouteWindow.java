package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a route in the last minutes: all together, and from sample to sample.
 */
final class RouteWindow {

	private final String route;

	private final RouteChange total;

	private final List<RouteChange> steps;

	/** First sample of each kind that was taken under what holds now. */
	private final int limitsSince;

	private final RouteChange underLimits;

	private final RouteChange underSettings;

	private final List<LeaseFigures> forgotten;

	RouteWindow(String route, List<PoolFigures> samples, List<Map<String, RouteFigures>> routes,
			List<LeaseFigures> forgotten) {
		this.route = route;
		this.forgotten = forgotten;
		List<RouteChange> steps = new ArrayList<>();
		for (int i = 1; i < samples.size(); i++) {
			steps.add(change(samples, routes, i - 1, i));
		}
		this.steps = List.copyOf(steps);
		int last = samples.size() - 1;
		this.total = change(samples, routes, 0, last);
		PoolFigures now = samples.get(last);
		this.limitsSince = since(last, (i) -> samples.get(i).limits().equals(now.limits())
				&& isLimit(routes.get(i).get(route), routes.get(last).get(route)));
		this.underLimits = change(samples, routes, this.limitsSince, last);
		this.underSettings = change(samples, routes, since(last, (i) -> samples.get(i).settings() == now.settings()),
				last);
	}

	private static int since(int last, IntPredicate same) {
		int first = last;
		while (first > 0 && same.test(first - 1)) {
			first--;
		}
		return first;
	}

	private static boolean isLimit(@Nullable RouteFigures then, @Nullable RouteFigures now) {
		return then == null || now == null || then.max() == now.max();
	}

	private RouteChange change(List<PoolFigures> samples, List<Map<String, RouteFigures>> routes, int first,
			int second) {
		RouteFigures before = routes.get(first).get(this.route);
		RouteFigures after = routes.get(second).get(this.route);
		RouteFigures none = RouteFigures.none(this.route);
		if (after == null) {
			after = none;
		}
		if (before == null || before.since() != after.since()) {
			// New, or forgotten in between because nobody used it.
			before = none;
		}
		return new RouteChange(before, after, samples.get(second),
				samples.get(second).nanoTime() - samples.get(first).nanoTime());
	}

	String route() {
		return this.route;
	}

	RouteChange total() {
		return this.total;
	}

	List<RouteChange> steps() {
		return this.steps;
	}

	/**
	 * Return what happened since the limits of the pool and the route were changed. What
	 * happened before says nothing about the limits that hold now.
	 */
	RouteChange underLimits() {
		return this.underLimits;
	}

	/**
	 * Return the steps since the limits were changed of which something is true.
	 */
	List<RouteChange> underLimits(Predicate<RouteChange> condition) {
		return this.steps.stream().skip(this.limitsSince).filter(condition).toList();
	}

	/**
	 * Return what happened since the settings of the pool were changed.
	 */
	RouteChange underSettings() {
		return this.underSettings;
	}

	/**
	 * Return the steps of which something is true.
	 */
	List<RouteChange> steps(Predicate<RouteChange> condition) {
		return this.steps.stream().filter(condition).toList();
	}

	/**
	 * Say whether something happened again and again.
	 */
	boolean isRepeated(Predicate<RouteChange> condition) {
		return steps(condition).size() >= PoolWindow.REPEATED;
	}

	long sum(Predicate<RouteChange> condition, ToLongFunction<RouteChange> number) {
		return this.steps.stream().filter(condition).mapToLong(number).sum();
	}

	long max(ToLongFunction<RouteChange> number) {
		return this.steps.stream().mapToLong(number).max().orElse(0);
	}

	/**
	 * Return what was done in the whole time, with the longest of all.
	 */
	Timing timing(Function<RouteChange, Timing> timing) {
		Timing all = timing.apply(this.total);
		return new Timing(all.count(), all.failures(), all.nanos(), max((step) -> timing.apply(step).longest()));
	}

	long closed(CloseReason reason) {
		return this.total.closed(reason);
	}

	/**
	 * Return the leases whose responses seem to be forgotten.
	 */
	List<LeaseFigures> forgotten() {
		return this.forgotten;
	}

	/**
	 * Return how many leases seem to be leaked, or were lost. Those that were reported
	 * for their time alone may have come back.
	 */
	long leaked() {
		return this.forgotten.size() + closed(CloseReason.LEAK);
	}

	/**
	 * Return after which time the server closes an idle connection, as far as it shows.
	 * The shortest times of all are left aside where there are many: a restart of the
	 * server closes what was used just before.
	 * @return the time in nanoseconds, or -1 if it did not close any
	 */
	long idleAllowed() {
		long[] times = this.steps.stream()
			.filter((step) -> step.serverClosedIdle() > 0)
			.mapToLong((step) -> step.after().shortestIdle())
			.filter((time) -> time >= 0)
			.toArray();
		Arrays.sort(times);
		return (times.length != 0) ? times[times.length / 4] : -1;
	}

}
