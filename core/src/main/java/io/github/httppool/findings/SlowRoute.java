package io.github.httppool.findings;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Reports a slow route that holds most of the pool while callers of other routes wait.
 */
final class SlowRoute implements Rule {

	/**
	 * Minimum percentage of the pool that the route holds at its peak.
	 */
	private static final int SHARE = 50;

	/**
	 * Minimum number of waits on other routes, which may have little traffic.
	 */
	private static final int LEAST = 5;

	/**
	 * Minimum ratio of its lease duration to that of the other routes.
	 */
	private static final int SLOWER = 3;

	@Override
	public void check(PoolWindow window, Consumer<Finding> found) {
		RouteWindow slow = of(window);
		if (slow == null) {
			return;
		}
		int limit = window.now().limits().maxTotal();
		Waits others = waitsOfOthers(window, slow);
		String message = "The route had up to %s of the %s connections of the pool leased, %s, and callers of other routes %s"
			.formatted(peak(slow), limit, times(window, slow, Format.time(others.held().mean())), others);
		String advice = "%s, so that it cannot hold the whole pool; http-pool.response-timeout (%s) and http-pool.call-timeout bound how long a slow server holds its callers"
			.formatted(smaller(slow, size(slow, limit)), Format.value(window.settings().responseTimeout()));
		found.accept(new Finding(FindingCode.SLOW_ROUTE, others.fail() ? Severity.CRITICAL : Severity.WARNING,
				slow.route(), message, advice));
	}

	private static String times(PoolWindow window, RouteWindow slow, String others) {
		SilentLeases silent = SilentLeases.of(window, slow);
		if (silent != null) {
			return "and %s (a lease of other routes: %s on average)".formatted(silent, others);
		}
		Timing held = held(slow);
		return (held.count() != 0)
				? "each for %s on average (other routes: %s)".formatted(Format.time(held.mean()), others)
				: "and none of them came back in that time (other routes: %s on average)".formatted(others);
	}

	/**
	 * Return the recommended limit. It is smaller than the current one, which did not
	 * help.
	 */
	private static int size(RouteWindow slow, int limit) {
		int max = slow.now().max();
		return Math.max(1, (limit / 2 < max) ? limit / 2 : max / 2);
	}

	private static String smaller(RouteWindow slow, int size) {
		RouteFigures now = slow.now();
		return now.maxProperty().equals(RouteFigures.MAX_PER_ROUTE)
				? "Give this route a limit of its own of %s (http-pool.routes; http-pool.max-per-route, now %s, holds for all others)"
					.formatted(size, now.max())
				: "Set %s, now %s, to %s".formatted(now.maxProperty(), now.max(), size);
	}

	/**
	 * Return the route that makes other routes wait.
	 * @return the route, or {@code null} if there is none
	 */
	static @Nullable RouteWindow of(PoolWindow window) {
		RouteWindow slow = suspect(window);
		return (slow != null && waitsOfOthers(window, slow).areMany(LEAST) && isRepeated(window, slow)) ? slow : null;
	}

	/**
	 * Return the route that makes other routes wait, however few callers are affected.
	 * @return the route, or {@code null} if there is none
	 */
	static @Nullable RouteWindow suspect(PoolWindow window) {
		if (window.routes().size() < 2 || !window.reachedLimit() || LeakSuspected.fills(window)) {
			return null;
		}
		RouteWindow slow = window.routes().stream().max(Comparator.comparingLong(SlowRoute::peak)).orElseThrow();
		Waits others = waitsOfOthers(window, slow);
		if (others.held().count() == 0) {
			return null;
		}
		boolean most = 100 * peak(slow) >= SHARE * window.now().limits().maxTotal();
		return (others.time().count() > 0 && most && isSlow(window, slow, others)) ? slow : null;
	}

	private static boolean isSlow(PoolWindow window, RouteWindow route, Waits others) {
		Timing held = held(route);
		return held.count() == 0 || others.held().mean() * SLOWER <= held.mean()
				|| SilentLeases.of(window, route) != null;
	}

	/**
	 * Return whether the problem is repeated: the first calls of any application are
	 * slow.
	 */
	static boolean isRepeated(PoolWindow window, @Nullable RouteWindow slow) {
		return window.routes()
			.stream()
			.anyMatch((route) -> route != slow
					&& route.underLimits().isRepeated((step) -> step.isPoolFull() && step.waited().count() > 0));
	}

	private static Timing held(RouteWindow route) {
		return route.underLimits().timing(RouteChange::held);
	}

	/**
	 * Return the peak while the pool was full.
	 */
	private static long peak(RouteWindow route) {
		return route.underLimits().where((step) -> step.pool().isFull()).max((step) -> step.after().peakLeased());
	}

	private static Waits waitsOfOthers(PoolWindow window, RouteWindow slow) {
		List<RouteWindow> others = window.routes().stream().filter((route) -> route != slow).toList();
		return others.stream().map((route) -> Waits.of(route, RouteChange::isPoolFull)).reduce(Waits.NONE, Waits::plus);
	}

}
