package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.github.httppool.CloseReason;

/**
 * A selection of the steps between samples of a route, with their totals.
 *
 * @param list the steps, oldest first
 */
record Steps(List<RouteChange> list) {

	/**
	 * Minimum number of samples that show a lasting problem. Fewer are an incident, such
	 * as a server restart.
	 */
	static final int REPEATED = 3;

	Steps where(Predicate<RouteChange> condition) {
		List<RouteChange> met = new ArrayList<>(this.list.size());
		for (RouteChange step : this.list) {
			if (condition.test(step)) {
				met.add(step);
			}
		}
		return (met.size() == this.list.size()) ? this : new Steps(met);
	}

	long sum(ToLongFunction<RouteChange> number) {
		return this.list.stream().mapToLong(number).sum();
	}

	long max(ToLongFunction<RouteChange> number) {
		return this.list.stream().mapToLong(number).max().orElse(0);
	}

	/**
	 * Return the total timing, with the longest duration of all steps.
	 */
	Timing timing(Function<RouteChange, Timing> timing) {
		return this.list.stream().map(timing).reduce(Timing.NONE, Timing::plus);
	}

	/**
	 * Return whether a condition is true for at least three steps.
	 */
	boolean isRepeated(Predicate<RouteChange> condition) {
		return this.list.stream().filter(condition).count() >= REPEATED;
	}

	/**
	 * Return the steps for which a condition is true, if the condition lasts. It must be
	 * true for at least three steps, and never false for two in a row. Steps without
	 * calls do not count. A single event, such as a restart of the server, does not last.
	 */
	Steps lasting(Predicate<RouteChange> condition) {
		List<RouteChange> lasting = new ArrayList<>();
		List<RouteChange> run = new ArrayList<>();
		boolean missed = false;
		for (RouteChange step : this.list) {
			boolean met = condition.test(step);
			if (!met && step.leases() == 0) {
				continue;
			}
			if (!met && missed) {
				lasting.addAll(worthIt(run, condition));
				run.clear();
			}
			missed = !met;
			if (met || !run.isEmpty()) {
				run.add(step);
			}
		}
		lasting.addAll(worthIt(run, condition));
		return new Steps(lasting);
	}

	private static List<RouteChange> worthIt(List<RouteChange> run, Predicate<RouteChange> condition) {
		Steps steps = new Steps(run);
		if (!steps.isRepeated(condition)) {
			return List.of();
		}
		boolean over = !condition.test(run.get(run.size() - 1));
		return List.copyOf(over ? run.subList(0, run.size() - 1) : run);
	}

	/**
	 * Return the steps before the last one for which a condition is true.
	 */
	Steps until(Predicate<RouteChange> condition) {
		int last = this.list.size() - 1;
		while (last > 0 && !condition.test(this.list.get(last))) {
			last--;
		}
		return new Steps(this.list.subList(0, Math.max(0, last)));
	}

	long nanos() {
		return sum(RouteChange::nanos);
	}

	long opened() {
		return sum(RouteChange::opened);
	}

	long leases() {
		return sum(RouteChange::leases);
	}

	long closed(CloseReason reason) {
		return sum((step) -> step.closed(reason));
	}

	/**
	 * Return how many connections were needed on average, by Little's law: the number of
	 * calls in a period, multiplied by the duration of each.
	 * @param nanos the period, in nanoseconds
	 */
	double demand(long nanos) {
		return (double) (timing(RouteChange::held).nanos() + timing(RouteChange::waited).nanos()) / Math.max(1, nanos);
	}

}
