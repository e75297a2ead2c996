package io.github.httppool.sample.lab;

import java.time.Duration;

/**
 * How many calls an experiment makes, and when.
 *
 * @param calls number of calls on each side
 * @param callers number of threads that make them
 * @param interval time between two bursts in which each caller makes one call, or zero if
 * each caller makes its next call at once
 * @param limit maximum time for all calls
 */
record Load(int calls, int callers, Duration interval, Duration limit) {

	/**
	 * Return the load of callers that make one call after the other.
	 */
	static Load steady(int calls, int callers, Duration limit) {
		return new Load(calls, callers, Duration.ZERO, limit);
	}

	/**
	 * Return the load of callers that call at the same moment, again and again.
	 */
	static Load bursts(int bursts, int callers, Duration interval) {
		return new Load(bursts * callers, callers, interval, interval.multipliedBy(bursts).plusSeconds(1));
	}

	/**
	 * Return when a caller makes a call.
	 * @param call number of the call of this caller, from 0
	 * @return the time since the start of the experiment, in nanoseconds
	 */
	long due(int call) {
		return call * this.interval.toNanos();
	}

}
