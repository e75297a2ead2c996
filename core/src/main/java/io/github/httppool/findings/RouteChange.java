package io.github.httppool.findings;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;

/**
 * The change of a route between two samples.
 *
 * @param before the route in the first sample
 * @param after the route in the second sample
 * @param pool the second sample
 * @param nanos the time between them, in nanoseconds
 * @param pause longest pause of the process between them or shortly before, in
 * nanoseconds; delayed work follows a pause
 * @param suspended whether the machine may have been suspended in that time
 */
record RouteChange(RouteFigures before, RouteFigures after, PoolFigures pool, long nanos, long pause,
		boolean suspended) {

	long opened() {
		return this.after.totals().opened() - this.before.totals().opened();
	}

	long leases() {
		return this.after.totals().calls() - this.before.totals().calls();
	}

	long closed(CloseReason reason) {
		return this.after.totals().closed().getOrDefault(reason, 0L)
				- this.before.totals().closed().getOrDefault(reason, 0L);
	}

	long drained(DrainOutcome outcome) {
		return this.after.totals().drained().getOrDefault(outcome, 0L)
				- this.before.totals().drained().getOrDefault(outcome, 0L);
	}

	/**
	 * Return the number of connections that the server closed after a response that
	 * announced it.
	 */
	long announcedCloses() {
		long requested = this.after.callerCloses() - this.before.callerCloses();
		return Math.max(0, closed(CloseReason.SERVER_CLOSE) - requested);
	}

	/**
	 * Return the number of closes that this side requested.
	 */
	long callerCloses() {
		return closed(CloseReason.SERVER_CLOSE) - announcedCloses();
	}

	long madeRoom() {
		return this.after.idle().madeRoom() - this.before.idle().madeRoom();
	}

	long loggedIn() {
		return this.after.loggedIn() - this.before.loggedIn();
	}

	long acquireTimeouts() {
		return this.after.totals().acquireTimeouts() - this.before.totals().acquireTimeouts();
	}

	long refused() {
		return this.after.totals().acquireRejected() - this.before.totals().acquireRejected();
	}

	long staleLeased() {
		return this.after.idle().staleLeased() - this.before.idle().staleLeased();
	}

	long replayed() {
		return this.after.totals().replayed() - this.before.totals().replayed();
	}

	long leaks() {
		return this.after.totals().leaks() - this.before.totals().leaks();
	}

	long connectFailed() {
		return this.after.connects().failed() - this.before.connects().failed();
	}

	long serverClosedIdle() {
		return this.after.idle().serverClosed() - this.before.idle().serverClosed();
	}

	long tlsResumed() {
		return this.after.connects().tlsResumed() - this.before.connects().tlsResumed();
	}

	Timing waited() {
		return this.after.waited().since(this.before.waited());
	}

	Timing held() {
		return this.after.held().since(this.before.held());
	}

	Timing dns() {
		return this.after.connects().dns().since(this.before.connects().dns());
	}

	Timing tcp() {
		return this.after.connects().tcp().since(this.before.connects().tcp());
	}

	Timing tls() {
		return this.after.connects().tls().since(this.before.connects().tls());
	}

	/**
	 * Return whether the process was never paused.
	 */
	boolean isCalm() {
		return this.pause < PoolFigures.PAUSE;
	}

	/**
	 * Return whether the limit of the route was reached.
	 */
	boolean isRouteFull() {
		return this.after.max() > 0 && this.after.peakLeased() >= this.after.max();
	}

	/**
	 * Return whether the limit of the pool was reached before that of the route.
	 */
	boolean isPoolFull() {
		return !isRouteFull() && this.pool.isFull();
	}

	/**
	 * Return the maximum number of callers that held a connection or waited for one.
	 */
	int peakDemand() {
		return this.after.peakLeased() + this.after.peakPending();
	}

}
