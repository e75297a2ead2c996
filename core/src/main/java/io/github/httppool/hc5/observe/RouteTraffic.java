package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.HeldLease;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.HighWaterMark;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a route in addition to the {@linkplain Counters counters} that its pool
 * also has: durations, and how its server treats idle connections.
 */
public final class RouteTraffic {

	/**
	 * Waits of callers that got no connection immediately. A wait without a connection
	 * counts as failed.
	 */
	public final TimeCounter waited = new TimeCounter();

	/**
	 * Durations of completed leases.
	 */
	public final TimeCounter held = new TimeCounter();

	public final TimeCounter dns = new TimeCounter();

	public final TimeCounter tcp = new TimeCounter();

	public final TimeCounter tls = new TimeCounter();

	public final LongAdder tlsResumed = new LongAdder();

	public final LongAdder staleLeased = new LongAdder();

	/**
	 * Longest idle time after which a connection was still usable.
	 */
	public final HighWaterMark survivedIdle = new HighWaterMark();

	/** Idle connections closed to make room for another route. */
	public final LongAdder madeRoom = new LongAdder();

	/**
	 * Connections closed because they were authenticated for one caller.
	 */
	public final LongAdder loggedIn = new LongAdder();

	/**
	 * Responses after which this side closed the connection although the server would
	 * have kept it.
	 */
	public final LongAdder callerCloses = new LongAdder();

	public final HighWaterMark pending = new HighWaterMark();

	private final LongAdder serverClosedIdle = new LongAdder();

	private final AtomicLong shortestIdle = new AtomicLong(Long.MAX_VALUE);

	private volatile @Nullable String undrainedCall;

	private volatile @Nullable HeldLease lastLeak;

	private final LongAdder connectFailed = new LongAdder();

	private volatile @Nullable String connectFailure;

	/**
	 * Called when the server has closed an idle connection.
	 * @param idleNanos how long it had been idle when this was detected
	 */
	public void serverClosedIdle(long idleNanos) {
		this.serverClosedIdle.increment();
		this.shortestIdle.accumulateAndGet(Math.max(0, idleNanos), Math::min);
	}

	public long serverClosedIdle() {
		return this.serverClosedIdle.sum();
	}

	/**
	 * Return what happened to idle connections.
	 * @param take whether to reset the maximum and minimum values
	 */
	RouteFigures.Idle idle(boolean take) {
		long shortest = take ? this.shortestIdle.getAndSet(Long.MAX_VALUE) : this.shortestIdle.get();
		return new RouteFigures.Idle(this.staleLeased.sum(), this.serverClosedIdle.sum(),
				(shortest != Long.MAX_VALUE) ? shortest : -1, this.survivedIdle.read(0, take), this.madeRoom.sum());
	}

	/**
	 * Return how connections were opened.
	 * @param take whether to reset the maximum values
	 */
	RouteFigures.Connects connects(boolean take) {
		return new RouteFigures.Connects(this.dns.timing(take), this.tcp.timing(take), this.tls.timing(take),
				this.tlsResumed.sum(), this.connectFailed.sum(), this.connectFailure);
	}

	public void undrained(@Nullable String call) {
		this.undrainedCall = call;
	}

	@Nullable String undrainedCall() {
		return this.undrainedCall;
	}

	/**
	 * Called when a lease was reported as a leak.
	 */
	public void leaked(HeldLease lease) {
		this.lastLeak = lease;
	}

	@Nullable HeldLease lastLeak() {
		return this.lastLeak;
	}

	/**
	 * Called when no connection could be opened.
	 */
	public void connectFailed(Throwable failure) {
		this.connectFailed.increment();
		this.connectFailure = Exceptions.type(failure);
	}

	public long connectFailed() {
		return this.connectFailed.sum();
	}

}
