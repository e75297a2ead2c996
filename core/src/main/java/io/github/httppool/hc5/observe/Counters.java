package io.github.httppool.hc5.observe;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.PoolSnapshot.Totals;

/**
 * Event counters of a pool or of one route.
 */
public final class Counters {

	public final LongAdder calls = new LongAdder();

	public final LongAdder opened = new LongAdder();

	public final LongAdder reused = new LongAdder();

	public final LongAdder acquireTimeouts = new LongAdder();

	public final LongAdder acquireRejected = new LongAdder();

	public final LongAdder replayed = new LongAdder();

	public final LongAdder leaks = new LongAdder();

	private final LongAdder[] closed = adders(CloseReason.values().length);

	private final LongAdder[] drained = adders(DrainOutcome.values().length);

	public void closed(CloseReason reason) {
		this.closed[reason.ordinal()].increment();
	}

	public void drained(DrainOutcome outcome) {
		this.drained[outcome.ordinal()].increment();
	}

	/**
	 * Return the totals of a pool.
	 */
	Totals totals() {
		return totals(this.calls.sum(), this.opened.sum(), this.reused.sum());
	}

	/**
	 * Return the totals of a route, whose calls are not counted separately.
	 */
	Totals totalsOfRoute() {
		long opened = this.opened.sum();
		long reused = this.reused.sum();
		return totals(opened + reused, opened, reused);
	}

	private Totals totals(long calls, long opened, long reused) {
		return new Totals(calls, opened, reused, counts(CloseReason.class, CloseReason.values(), this.closed),
				counts(DrainOutcome.class, DrainOutcome.values(), this.drained), this.acquireTimeouts.sum(),
				this.acquireRejected.sum(), this.replayed.sum(), this.leaks.sum());
	}

	long closedCount() {
		long count = 0;
		for (LongAdder reason : this.closed) {
			count += reason.sum();
		}
		return count;
	}

	private static LongAdder[] adders(int count) {
		LongAdder[] adders = new LongAdder[count];
		for (int i = 0; i < count; i++) {
			adders[i] = new LongAdder();
		}
		return adders;
	}

	private static <E extends Enum<E>> Map<E, Long> counts(Class<E> type, E[] values, LongAdder[] adders) {
		Map<E, Long> counts = new EnumMap<>(type);
		for (E value : values) {
			long count = adders[value.ordinal()].sum();
			if (count != 0) {
				counts.put(value, count);
			}
		}
		return Collections.unmodifiableMap(counts);
	}

}
