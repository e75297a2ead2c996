package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.httppool.hc5.observe.LeakExplanation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Counts and reports leases of a pool that seem to be leaked: held for too long, or lost.
 * Used by the housekeeper unless stated otherwise.
 */
public final class LeakReports {

	/**
	 * Not a class name, because users refer to it in their logging configuration.
	 */
	static final String LOGGER = "io.github.httppool.leak";

	/**
	 * Minimum time between two warnings, because lost leases often occur in large
	 * numbers.
	 */
	static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

	private static final Logger log = LoggerFactory.getLogger(LOGGER);

	private final ConnectionPool pool;

	private boolean warned;

	private long lastWarning;

	/**
	 * Number of lost leases since the last warning.
	 */
	private long unreported;

	public LeakReports(ConnectionPool pool) {
		this.pool = pool;
	}

	void heldForTooLong(Lease lease, Duration threshold, CallerTrace caller) {
		caller.trimmed();
		count(lease, caller);
		this.pool.log().warn(log, LeakExplanation.heldForTooLong(this.pool, lease, threshold), caller);
	}

	public void lost(Lease lease, @Nullable CallerTrace caller, long now) {
		if (caller != null) {
			caller.trimmed();
		}
		count(lease, caller);
		if (this.warned && now - this.lastWarning < PAUSE) {
			this.unreported++;
			return;
		}
		this.pool.log().warn(log, LeakExplanation.lost(this.pool, lease, this.unreported, caller != null), caller);
		this.unreported = 0;
		this.warned = true;
		this.lastWarning = now;
	}

	/**
	 * Called when a lease has ended that was reported as held for too long, on the thread
	 * that ends it.
	 */
	void cameBack(Lease lease) {
		this.pool.log().write(log, Level.INFO, LeakExplanation.cameBack(this.pool, lease), null);
	}

	private void count(Lease lease, @Nullable Throwable caller) {
		if (lease.countAsLeak()) {
			lease.route.traffic.leaked(HeldLeases.held(lease));
			this.pool.reporter().leaked(lease);
			if (this.pool.listeners().present()) {
				this.pool.listeners().leakDetected(lease, caller);
			}
		}
	}

}
