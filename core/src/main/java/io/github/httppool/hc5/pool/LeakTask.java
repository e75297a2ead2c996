package io.github.httppool.hc5.pool;

import java.time.Duration;

import io.github.httppool.hc5.net.ScheduledTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Reports a lease that is held for longer than {@code leak-detection-threshold}, with the
 * stack trace of its caller.
 */
final class LeakTask extends ScheduledTimeout {

	private final transient Lease lease;

	private final transient LeakReports reports;

	private final transient Duration threshold;

	private final CallerTrace caller;

	private volatile boolean reported;

	private LeakTask(Lease lease, LeakReports reports, Duration threshold) {
		super(lease.leasedAt(), threshold.toNanos());
		this.lease = lease;
		this.reports = reports;
		this.threshold = threshold;
		this.caller = new CallerTrace(lease.thread());
	}

	/**
	 * Start watching a lease.
	 * @return the task, or {@code null} if memory or threads are exhausted, because the
	 * caller must not fail
	 */
	static @Nullable LeakTask start(Lease lease, PoolContext pool, Duration threshold) {
		try {
			LeakTask task = new LeakTask(lease, pool.leaks(), threshold);
			pool.housekeeper().schedule(task);
			return task;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	CallerTrace caller() {
		return this.caller;
	}

	boolean hasReported() {
		return this.reported;
	}

	@Override
	protected void expired() {
		if (!this.lease.hasEnded()) {
			this.reported = true;
			this.reports.reportHeldTooLong(this.lease, this.lease.countAsLeak(), this.threshold, this.caller);
		}
	}

}
