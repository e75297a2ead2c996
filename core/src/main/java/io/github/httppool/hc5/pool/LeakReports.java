package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HeldLease;
import io.github.httppool.hc5.observe.LeakExplanation;
import io.github.httppool.hc5.observe.LeaseView;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.PoolView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts and reports leases of a pool that seem to be leaked: held for too long, or
 * abandoned without closing the response. Used by the housekeeper unless stated
 * otherwise.
 */
public final class LeakReports {

	/**
	 * Not a class name, because users refer to it in their logging configuration.
	 */
	static final String LOGGER = "io.github.httppool.leak";

	/**
	 * Minimum time between two warnings, because abandoned leases often occur in large
	 * numbers.
	 */
	static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

	private static final Logger log = LoggerFactory.getLogger(LOGGER);

	private final PoolView pool;

	private final Listeners listeners;

	private final PoolReporter reporter;

	private boolean warned;

	private long lastWarning;

	/**
	 * Number of abandoned leases since the last warning.
	 */
	private long unreported;

	public LeakReports(PoolView pool, Listeners listeners, PoolReporter reporter) {
		this.pool = pool;
		this.listeners = listeners;
		this.reporter = reporter;
	}

	/**
	 * Report a lease that is held for too long.
	 * @param first whether this is the first report of the lease, so that it is counted
	 */
	void reportHeldTooLong(LeaseView lease, boolean first, Duration threshold, CallerTrace caller) {
		caller.trimmed();
		if (first) {
			count(lease, caller);
		}
		this.listeners.log().warn(log, LeakExplanation.heldForTooLong(this.pool, lease, threshold), caller);
	}

	/**
	 * Report a lease whose response was abandoned.
	 * @param first whether this is the first report of the lease, so that it is counted
	 * @param caller where the connection was acquired, or {@code null} if unknown
	 */
	public void reportAbandoned(LeaseView lease, boolean first, @Nullable CallerTrace caller, long now) {
		if (caller != null) {
			caller.trimmed();
		}
		if (first) {
			count(lease, caller);
		}
		if (this.warned && now - this.lastWarning < PAUSE) {
			this.unreported++;
			return;
		}
		this.listeners.log()
			.warn(log, LeakExplanation.lostResponse(this.pool, lease, this.unreported, caller != null), caller);
		this.unreported = 0;
		this.warned = true;
		this.lastWarning = now;
	}

	/**
	 * Report the end of a lease that was reported as held for too long. Called by the
	 * thread that ends the lease.
	 */
	void reportReturned(LeaseView lease) {
		this.listeners.log().write(log, Level.INFO, LeakExplanation.heldLeaseEnded(this.pool, lease), null);
	}

	private void count(LeaseView lease, @Nullable Throwable caller) {
		lease.routeStats().traffic.leaked(new HeldLease(lease.route(), lease.heldFor(), lease.thread(), lease.call()));
		this.reporter.leaked(lease);
		if (this.listeners.present()) {
			this.listeners.leakDetected(lease, caller);
		}
	}

}
