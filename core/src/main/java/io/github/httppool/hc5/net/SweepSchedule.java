package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Sweeps idle connections when a sweep is due or requested, and limits how often that
 * happens. Used only by the housekeeping thread.
 */
final class SweepSchedule {

	/** Minimum time between two sweeps. */
	static final long MIN_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	/** Maximum of that time for large pools. Evictions may be late by this much. */
	static final long MAX_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	/**
	 * Time between two sweeps per examined connection, which limits the cost of sweeping
	 * large pools.
	 */
	private static final long INTERVAL_PER_CONNECTION = TimeUnit.MICROSECONDS.toNanos(50);

	private static final long RETRY_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private static final long NEVER = Long.MAX_VALUE;

	private final LongUnaryOperator sweep;

	private final IntSupplier connections;

	private final HousekeeperClock clock;

	private final Consumer<Throwable> onFailure;

	/** Clock time of the next sweep. */
	private long next;

	private long last = -MIN_INTERVAL;

	/**
	 * Creates a schedule.
	 * @param sweep takes the current time and returns the nanoseconds until its next run,
	 * or {@link Long#MAX_VALUE}
	 * @param connections the number of connections that a sweep examines
	 * @param onFailure reports failures; must not block
	 */
	SweepSchedule(LongUnaryOperator sweep, IntSupplier connections, HousekeeperClock clock,
			Consumer<Throwable> onFailure) {
		this.sweep = sweep;
		this.connections = connections;
		this.clock = clock;
		this.onFailure = onFailure;
	}

	/**
	 * Requests a sweep no later than at a clock time.
	 */
	void request(long time) {
		this.next = Math.min(this.next, time);
	}

	/**
	 * Sweeps if that is due.
	 * @return the clock time of the next sweep, or {@link Long#MAX_VALUE}
	 */
	long run(long now) {
		if (this.next <= now) {
			long earliest = this.last + interval();
			this.next = (now < earliest) ? earliest : sweep(now);
		}
		return this.next;
	}

	private long sweep(long now) {
		this.last = now;
		try {
			long wait = this.sweep.applyAsLong(this.clock.nanoTime(now));
			return (wait != NEVER) ? now + Math.max(wait, interval()) : NEVER;
		}
		catch (Throwable ex) {
			this.onFailure.accept(ex);
			return now + RETRY_INTERVAL;
		}
	}

	private long interval() {
		long interval = this.connections.getAsInt() * INTERVAL_PER_CONNECTION;
		return Math.min(Math.max(MIN_INTERVAL, interval), MAX_INTERVAL);
	}

}
