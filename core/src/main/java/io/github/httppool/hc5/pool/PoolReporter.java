package io.github.httppool.hc5.pool;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.hc5.observe.JfrEvents;

/**
 * Counts what happens in a pool, and reports it to the event log and the listeners.
 */
public final class PoolReporter {

	private final ConnectionPool pool;

	PoolReporter(ConnectionPool pool) {
		this.pool = pool;
	}

	public void connectFailed(Lease lease, Throwable failure) {
		lease.connectFailed();
		JfrEvents.connectEnded(lease, failure);
		if (!this.pool.isClosed() && lease.exchange.failure() != CloseReason.CANCELLED
				&& lease.held().closeReason() != CloseReason.CANCELLED) {
			lease.route.traffic.connectFailed(failure);
			this.pool.events().connectFailed(lease, failure);
		}
		try {
			this.pool.housekeeper().start();
			this.pool.housekeeper().wakeAt(System.nanoTime() + this.pool.samples().firstLook());
		}
		catch (Throwable ex) {
			// No memory or no thread for it; the failure itself is to be seen.
		}
	}

	public void acquired(Lease lease, AcquireOutcome outcome) {
		switch (outcome) {
			case REUSED -> {
				this.pool.counters().calls.increment();
				this.pool.counters().reused.increment();
				lease.route.counters.reused.increment();
			}
			case OPENED -> this.pool.counters().calls.increment();
			case TIMEOUT -> {
				this.pool.counters().acquireTimeouts.increment();
				lease.route.counters.acquireTimeouts.increment();
				this.pool.events().acquireTimedOut(lease);
			}
			case REJECTED -> {
				this.pool.counters().acquireRejected.increment();
				lease.route.counters.acquireRejected.increment();
				this.pool.events().refused(lease, this.pool.settings().maxPending());
			}
			case FAILED -> {
			}
		}
	}

	public void replayed(Lease stale) {
		this.pool.counters().replayed.increment();
		stale.route.counters.replayed.increment();
		this.pool.events().replayed(stale);
		this.pool.listeners().calls().repeated(stale);
		if (this.pool.listeners().present()) {
			this.pool.listeners().replayed(stale);
		}
	}

	public void drained(Lease lease, DrainOutcome outcome) {
		this.pool.counters().drained(outcome);
		lease.route.counters.drained(outcome);
		if (outcome == DrainOutcome.TOO_LARGE || outcome == DrainOutcome.TOO_SLOW) {
			lease.route.traffic.undrained(lease.call());
		}
	}

	public void leaked(Lease lease) {
		this.pool.counters().leaks.increment();
		lease.route.counters.leaks.increment();
		this.pool.events().leaked(lease);
	}

	void opened(Lease lease, PooledConnection connection) {
		this.pool.housekeeper().start();
		this.pool.housekeeper()
			.wakeAt(System.nanoTime() + Math.min(IdleReaper.PROBE_INTERVAL, this.pool.samples().firstLook()));
		this.pool.counters().opened.increment();
		lease.route.counters.opened.increment();
		this.pool.openings().count(System.nanoTime());
		this.pool.events().opened(lease, connection);
		if (this.pool.listeners().present()) {
			this.pool.listeners().connectionOpened(lease, connection);
		}
	}

	/**
	 * A connection was closed.
	 * @param held whether this is told in the thread that held it
	 */
	void closed(PooledConnection connection, CloseReason reason, boolean held) {
		this.pool.forget(connection);
		this.pool.counters().closed(reason);
		connection.leasedRoute().counters.closed(reason);
		if (held && reason == CloseReason.STALE) {
			connection.leasedRoute().traffic.staleLeased.increment();
		}
		this.pool.events().closed(connection, reason);
		JfrEvents.closed(connection, reason);
		if (!this.pool.listeners().present()) {
			return;
		}
		if (held) {
			this.pool.listeners().connectionClosed(connection, reason);
		}
		else {
			this.pool.listeners().connectionClosedIdle(connection, reason);
		}
	}

}
