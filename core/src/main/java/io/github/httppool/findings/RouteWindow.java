package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * The recorded window of a route: the total, and the steps from sample to sample.
 * <p>
 * A rule only examines steps under the current value of the limit or setting that it
 * names: earlier steps say nothing about that value. Most rules also ignore steps in
 * which the process was paused, because the pause explains nearly everything in them.
 */
final class RouteWindow {

	private final String route;

	private final List<PoolFigures> samples;

	private final List<Map<String, RouteFigures>> routes;

	private final RouteChange total;

	private final Steps steps;

	private final Steps calm;

	private @Nullable Steps underLimits;

	private @Nullable Closes closes;

	private final List<LeaseFigures> forgotten;

	RouteWindow(String route, List<PoolFigures> samples, List<Map<String, RouteFigures>> routes,
			List<LeaseFigures> forgotten) {
		this.route = route;
		this.samples = samples;
		this.routes = routes;
		this.forgotten = forgotten;
		List<RouteChange> steps = new ArrayList<>();
		for (int i = 1; i < samples.size(); i++) {
			steps.add(change(i - 1, i));
		}
		this.steps = new Steps(List.copyOf(steps));
		this.calm = this.steps.where(RouteChange::isCalm);
		this.total = change(0, samples.size() - 1);
	}

	private boolean isLimit(int then, int now) {
		RouteFigures before = this.routes.get(then).get(this.route);
		RouteFigures after = this.routes.get(now).get(this.route);
		return before == null || after == null || before.max() == after.max();
	}

	private Steps since(Same same) {
		int last = this.samples.size() - 1;
		int first = last;
		while (first > 0 && same.test(first - 1, last)) {
			first--;
		}
		return (first == 0) ? this.calm : new Steps(this.steps.list().subList(first, last)).where(RouteChange::isCalm);
	}

	private RouteChange change(int first, int second) {
		RouteFigures before = this.routes.get(first).get(this.route);
		RouteFigures after = this.routes.get(second).get(this.route);
		RouteFigures none = RouteFigures.none(this.route);
		if (after == null) {
			after = none;
		}
		if (before == null || before.since() != after.since()) {
			// The route is new, or the pool removed it in the meantime
			// because it was unused.
			before = none;
		}
		PoolFigures then = this.samples.get(first);
		PoolFigures now = this.samples.get(second);
		return new RouteChange(before, after, now, now.nanoTime() - then.nanoTime(),
				Math.max(then.longestPause(), now.longestPause()), then.isAfterSuspension() || now.isAfterSuspension());
	}

	String route() {
		return this.route;
	}

	/**
	 * Return the newest statistics.
	 */
	RouteFigures now() {
		return this.total.after();
	}

	RouteChange total() {
		return this.total;
	}

	/**
	 * Return all steps, including those in which the process was paused.
	 */
	Steps steps() {
		return this.steps;
	}

	/**
	 * Return the steps under the current limits of the pool and the route.
	 */
	Steps underLimits() {
		Steps steps = this.underLimits;
		if (steps == null) {
			steps = since((then, now) -> this.samples.get(then).limits().equals(this.samples.get(now).limits())
					&& isLimit(then, now));
			this.underLimits = steps;
		}
		return steps;
	}

	/**
	 * Return how the server closes connections.
	 */
	Closes closes() {
		Closes closes = this.closes;
		if (closes == null) {
			closes = Closes.of(since(HttpPoolSettings::keepAlive));
			this.closes = closes;
		}
		return closes;
	}

	/**
	 * Return the steps under the current values of the given settings.
	 */
	@SafeVarargs
	final Steps since(Function<HttpPoolSettings, Object>... settings) {
		return since((then, now) -> {
			HttpPoolSettings before = this.samples.get(then).settings();
			HttpPoolSettings after = this.samples.get(now).settings();
			return before == after || Arrays.stream(settings)
				.allMatch((setting) -> Objects.equals(setting.apply(before), setting.apply(after)));
		});
	}

	/**
	 * Return the steps since all connections were last evicted, by an operator or because
	 * an SSL bundle was reloaded.
	 */
	Steps sinceEviction() {
		return since((then, now) -> this.samples.get(then).evictions() == this.samples.get(now).evictions());
	}

	/**
	 * Return the leases whose responses seem to be forgotten.
	 */
	List<LeaseFigures> forgotten() {
		return this.forgotten;
	}

	/**
	 * Return the number of leases that seem leaked or were lost. Leases that were only
	 * reported for their duration may have been released since.
	 */
	long leaked() {
		return this.forgotten.size() + this.total.closed(CloseReason.LEAK);
	}

	@Nullable String connectFailure() {
		return now().connects().failure();
	}

	/**
	 * Compares two samples by index.
	 */
	private interface Same {

		boolean test(int then, int now);

	}

}
