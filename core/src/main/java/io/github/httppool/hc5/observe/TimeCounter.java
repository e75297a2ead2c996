package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.findings.Timing;
import io.github.httppool.hc5.net.HighWaterMark;

/**
 * Counts operations, failures and their durations.
 */
public final class TimeCounter {

	private final LongAdder count = new LongAdder();

	private final LongAdder failures = new LongAdder();

	private final LongAdder nanos = new LongAdder();

	private final HighWaterMark longest = new HighWaterMark();

	public void add(long tookNanos) {
		this.count.increment();
		this.nanos.add(tookNanos);
		this.longest.raise(tookNanos);
	}

	public void add(long tookNanos, boolean failed) {
		add(tookNanos);
		if (failed) {
			this.failures.increment();
		}
	}

	public Timing timing(boolean take) {
		return new Timing(this.count.sum(), this.failures.sum(), this.nanos.sum(), this.longest.read(0, take));
	}

}
