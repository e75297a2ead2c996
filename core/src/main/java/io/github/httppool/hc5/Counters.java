package io.github.httppool.hc5;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;

/**
 * What has happened, in a pool or on one route.
 */
final class Counters {

	final LongAdder calls = new LongAdder();

	final LongAdder opened = new LongAdder();

	final LongAdder reused = new LongAdder();

	final LongAdder acquireTimeouts = new LongAdder();

	final LongAdder acquireRejected = new LongAdder();

	final LongAdder replayed = new LongAdder();

	final LongAdder leaks = new LongAdder();

	private final LongAdder[] closed = adders(CloseReason.values().length);

	private final LongAdder[] drained = adders(DrainOutcome.values().length);

	void closed(CloseReason reason) {
		this.closed[reason.ordinal()].increment();
	}

	void drained(DrainOutcome outcome) {
		this.drained[outcome.ordinal()].increment();
	}

	Map<CloseReason, Long> closed() {
		return counts(CloseReason.class, CloseReason.values(), this.closed);
	}

	long closedCount() {
		long count = 0;
		for (LongAdder reason : this.closed) {
			count += reason.sum();
		}
		return count;
	}

	Map<DrainOutcome, Long> drained() {
		return counts(DrainOutcome.class, DrainOutcome.values(), this.drained);
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
