package io.github.httppool.hc5.pool;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.hc5.observe.ConnectionView;
import io.github.httppool.hc5.observe.EventLog;
import io.github.httppool.hc5.observe.JfrEvents;
import io.github.httppool.hc5.observe.LeaseView;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.PoolView;
import io.github.httppool.hc5.observe.RouteStats;
import io.github.httppool.hc5.observe.Samples;

/**
 * Counts the events of a pool, and reports them to the event log and the listeners.
 */
public final class PoolReporter {

	private final PoolView pool;

	private final Listeners listeners;

	private final EventLog events;

	private final Samples samples;

	PoolReporter(PoolView pool, Listeners listeners, EventLog events, Samples samples) {
		this.pool = pool;
		this.listeners = listeners;
		this.events = events;
		this.samples = samples;
	}

	/**
	 * Count and report a failure to open a connection.
	 * @param counts whether the peer failed, as opposed to the caller or the pool giving
	 * up
	 */
	void connectFailed(LeaseView lease, Throwable failure, boolean counts) {
		JfrEvents.connectEnded(lease, failure);
		if (counts) {
			lease.routeStats().traffic.connectFailed(failure);
			this.events.connectFailed(lease, failure);
		}
		try {
			this.pool.housekeeper().start();
			this.pool.housekeeper().wakeAt(System.nanoTime() + this.samples.firstSampleDelay());
		}
		catch (Throwable ex) {
			// Memory or threads are exhausted. The caller must see the connect failure.
		}
	}

	public void acquired(LeaseView lease, AcquireOutcome outcome) {
		switch (outcome) {
			case REUSED -> {
				this.pool.counters().calls.increment();
				this.pool.counters().reused.increment();
				lease.routeStats().counters.reused.increment();
			}
			case OPENED -> this.pool.counters().calls.increment();
			case TIMEOUT -> {
				this.pool.counters().acquireTimeouts.increment();
				lease.routeStats().counters.acquireTimeouts.increment();
				this.events.acquireTimedOut(lease);
			}
			case REJECTED -> {
				this.pool.counters().acquireRejected.increment();
				lease.routeStats().counters.acquireRejected.increment();
				this.events.refused(lease, this.pool.settings().maxPending());
			}
			case FAILED -> {
			}
		}
	}

	public void replayed(LeaseView stale) {
		this.pool.counters().replayed.increment();
		stale.routeStats().counters.replayed.increment();
		this.events.replayed(stale);
		this.listeners.calls().retried(stale);
		if (this.listeners.present()) {
			this.listeners.replayed(stale);
		}
	}

	public void drained(LeaseView lease, DrainOutcome outcome) {
		this.pool.counters().drained(outcome);
		lease.routeStats().counters.drained(outcome);
		if (outcome == DrainOutcome.TOO_LARGE || outcome == DrainOutcome.TOO_SLOW) {
			lease.routeStats().traffic.undrained(lease.call());
		}
	}

	public void leaked(LeaseView lease) {
		this.pool.counters().leaks.increment();
		lease.routeStats().counters.leaks.increment();
		this.events.leaked(lease);
	}

	void opened(LeaseView lease, ConnectionView connection) {
		this.pool.housekeeper().start();
		this.pool.housekeeper()
			.wakeAt(System.nanoTime()
					+ Math.min(ConnectionLifetime.CHECK_INTERVAL_NANOS, this.samples.firstSampleDelay()));
		this.pool.counters().opened.increment();
		lease.routeStats().counters.opened.increment();
		this.pool.openings().count(System.nanoTime());
		this.events.opened(lease, connection);
		if (this.listeners.present()) {
			this.listeners.connectionOpened(lease, connection);
		}
	}

	/**
	 * Count and report a closed connection.
	 * @param route the route of the connection
	 * @param held whether the calling thread held the connection
	 */
	void closed(ConnectionView connection, RouteStats route, CloseReason reason, boolean held) {
		this.pool.counters().closed(reason);
		route.counters.closed(reason);
		if (held && reason == CloseReason.STALE) {
			route.traffic.staleLeased.increment();
		}
		this.events.closed(connection, reason);
		JfrEvents.closed(connection, reason);
		if (!this.listeners.present()) {
			return;
		}
		if (held) {
			this.listeners.connectionClosed(connection, reason);
		}
		else {
			this.listeners.connectionClosedIdle(connection, reason);
		}
	}

}
