package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.HeldLease;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.HighWaterMark;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a route beyond the {@linkplain Counters counts} that its pool has,
 * too: how long things took, and what its server does to idle connections.
 */
public final class RouteTraffic {

	/** Waits for a connection that was not to be had at once; failed: no connection. */
	public final TimeCounter waited = new TimeCounter();

	/** Leases that have ended. */
	public final TimeCounter held = new TimeCounter();

	public final TimeCounter dns = new TimeCounter();

	public final TimeCounter tcp = new TimeCounter();

	public final TimeCounter tls = new TimeCounter();

	public final LongAdder tlsResumed = new LongAdder();

	public final LongAdder staleLeased = new LongAdder();

	/** Longest time for which a connection had been idle that served again after it. */
	public final HighWaterMark survivedIdle = new HighWaterMark();

	/** Idle connections closed to make room for another route. */
	public final LongAdder madeRoom = new LongAdder();

	/** Connections given up because they were logged in for one caller. */
	public final LongAdder loggedIn = new LongAdder();

	/** Responses after which this side closes, though the server would not. */
	public final LongAdder callerCloses = new LongAdder();

	public final HighWaterMark pending = new HighWaterMark();

	private final LongAdder serverClosedIdle = new LongAdder();

	private final AtomicLong shortestIdle = new AtomicLong(Long.MAX_VALUE);

	private volatile @Nullable String undrainedCall;

	private volatile @Nullable HeldLease lastLeak;

	private final LongAdder connectFailed = new LongAdder();

	private volatile @Nullable String connectFailure;

	/**
	 * The server closed a connection that was idle.
	 * @param idleNanos how long it had been idle when that was found out
	 */
	public void serverClosedIdle(long idleNanos) {
		this.serverClosedIdle.increment();
		this.shortestIdle.accumulateAndGet(Math.max(0, idleNanos), Math::min);
	}

	public long serverClosedIdle() {
		return this.serverClosedIdle.sum();
	}

	/**
	 * Return the shortest time after which the server closed an idle connection, or -1.
	 */
	long shortestIdle(boolean take) {
		long shortest = take ? this.shortestIdle.getAndSet(Long.MAX_VALUE) : this.shortestIdle.get();
		return (shortest != Long.MAX_VALUE) ? shortest : -1;
	}

	public void undrained(@Nullable String call) {
		this.undrainedCall = call;
	}

	@Nullable String undrainedCall() {
		return this.undrainedCall;
	}

	/**
	 * A lease was reported as a leak.
	 */
	public void leaked(HeldLease lease) {
		this.lastLeak = lease;
	}

	@Nullable HeldLease lastLeak() {
		return this.lastLeak;
	}

	/**
	 * No connection could be opened.
	 */
	public void connectFailed(Throwable failure) {
		this.connectFailed.increment();
		this.connectFailure = Exceptions.type(failure);
	}

	public long connectFailed() {
		return this.connectFailed.sum();
	}

	@Nullable String connectFailure() {
		return this.connectFailure;
	}

}
