package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * The times in the life of a connection, in {@link System#nanoTime()}. Written by who
 * holds the connection, read by everybody.
 */
final class ConnectionLife {

	/** So much of the time to live is taken off at most, so that not all end together. */
	private static final double JITTER = 0.1;

	private static final AtomicLongFieldUpdater<ConnectionLife> IDLE_UNTIL = AtomicLongFieldUpdater
		.newUpdater(ConnectionLife.class, "idleUntil");

	/** How much of the time to live is taken off, from 0 to {@link #JITTER}. */
	private final double shortened = JITTER * ThreadLocalRandom.current().nextDouble();

	private volatile long openedAt;

	private volatile long closedAt;

	private volatile boolean mortal;

	private volatile long diesAt;

	private volatile long idleSince;

	private volatile long idleUntil;

	private volatile long probedAt;

	/**
	 * The connection is open.
	 * @param now the time
	 * @param timeToLive how long it may be reused, 0 for ever
	 */
	void begins(long now, long timeToLive) {
		this.openedAt = now;
		this.idleSince = now;
		lives(timeToLive);
	}

	/**
	 * Set how long the connection may be reused, from its beginning on.
	 * @param timeToLive the time, 0 for ever
	 */
	void lives(long timeToLive) {
		this.diesAt = this.openedAt + timeToLive - (long) (timeToLive * this.shortened);
		this.mortal = timeToLive > 0;
	}

	/**
	 * Let it be idle for no longer than that, if it is idle. Any thread may do so: if it
	 * is leased meanwhile, nothing happens.
	 */
	void idlesAtMost(long idleNanos) {
		long until = this.idleUntil;
		long atMost = this.idleSince + idleNanos;
		if (atMost - until < 0) {
			IDLE_UNTIL.compareAndSet(this, until, atMost);
		}
	}

	void ends(long now) {
		this.closedAt = now;
	}

	void becomesIdle(long now, long idleNanos) {
		this.idleSince = now;
		this.probedAt = now;
		this.idleUntil = now + idleNanos;
	}

	void probed(long now) {
		this.probedAt = now;
	}

	boolean isOver(long now) {
		return this.mortal && now - this.diesAt >= 0;
	}

	/**
	 * Say why an idle connection may not be used any more because of its age.
	 * @return the reason, or {@code null} if it may
	 */
	@Nullable CloseReason expiry(long now) {
		if (isOver(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return (now - this.idleUntil >= 0) ? CloseReason.IDLE_TIMEOUT : null;
	}

	long untilExpiry(long now) {
		long untilIdleEnds = this.idleUntil - now;
		return this.mortal ? Math.min(untilIdleEnds, this.diesAt - now) : untilIdleEnds;
	}

	long untilIdleEnds(long now) {
		return Math.max(0, this.idleUntil - now);
	}

	long untilProbe(long now, long probeAfterNanos) {
		return this.probedAt + probeAfterNanos - now;
	}

	long idleSince() {
		return this.idleSince;
	}

	Duration age(boolean ended) {
		long end = ended ? this.closedAt : System.nanoTime();
		return Duration.ofNanos(Math.max(0, end - this.openedAt));
	}

}
