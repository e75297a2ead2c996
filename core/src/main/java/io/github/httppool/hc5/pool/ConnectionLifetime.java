package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a connection was opened, became idle, and expires, as
 * {@link System#nanoTime()}. The thread that holds the connection writes them; any thread
 * may read them.
 */
public final class ConnectionLifetime {

	/**
	 * The time between two checks of a connection, in nanoseconds. Half-closed and
	 * abandoned connections are closed within 5 s.
	 */
	public static final long CHECK_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(3);

	/**
	 * Maximum fraction by which the time to live is randomly shortened, so that
	 * connections of the same age do not expire together.
	 */
	private static final double MAX_JITTER = 0.1;

	private static final AtomicLongFieldUpdater<ConnectionLifetime> IDLE_UNTIL = AtomicLongFieldUpdater
		.newUpdater(ConnectionLifetime.class, "idleUntil");

	private final double jitter = MAX_JITTER * ThreadLocalRandom.current().nextDouble();

	private volatile long openedAt;

	private volatile long closedAt;

	private volatile boolean limited;

	private volatile long expiresAt;

	private volatile long idleSince;

	private volatile long idleUntil;

	private volatile long probedAt;

	/**
	 * Set the start of the time to live.
	 * @param now the time
	 * @param timeToLiveNanos the time to live, or 0 for no limit
	 */
	void opened(long now, long timeToLiveNanos) {
		this.openedAt = now;
		this.idleSince = now;
		timeToLive(timeToLiveNanos);
	}

	/**
	 * Change the time to live, which starts when the connection is opened.
	 * @param timeToLiveNanos the time to live, or 0 for no limit
	 */
	void timeToLive(long timeToLiveNanos) {
		this.expiresAt = this.openedAt + timeToLiveNanos - (long) (timeToLiveNanos * this.jitter);
		this.limited = timeToLiveNanos > 0;
	}

	/**
	 * Shorten the maximum idle time. Any thread may call this method. It has no effect on
	 * a connection that is leased in the meantime.
	 */
	void limitIdleTime(long idleNanos) {
		long until = this.idleUntil;
		long atMost = this.idleSince + idleNanos;
		if (atMost - until < 0) {
			IDLE_UNTIL.compareAndSet(this, until, atMost);
		}
	}

	/**
	 * Apply the time to live of changed settings, and a shorter idle timeout.
	 */
	void apply(ActiveSettings settings) {
		timeToLive(settings.timeToLiveNanos);
		limitIdleTime(settings.idleNanos);
	}

	void closed(long now) {
		this.closedAt = now;
	}

	void becameIdle(long now, long idleNanos) {
		this.idleSince = now;
		this.probedAt = now;
		this.idleUntil = now + idleNanos;
	}

	void probed(long now) {
		this.probedAt = now;
	}

	/**
	 * Return whether the time to live has passed.
	 */
	boolean isExpired(long now) {
		return this.limited && now - this.expiresAt >= 0;
	}

	/**
	 * Return why an idle connection has expired.
	 * @return the reason, or {@code null} if it has not
	 */
	@Nullable CloseReason expiry(long now) {
		if (isExpired(now)) {
			return CloseReason.TIME_TO_LIVE;
		}
		return (now - this.idleUntil >= 0) ? CloseReason.IDLE_TIMEOUT : null;
	}

	long untilExpiry(long now) {
		long untilIdleEnds = this.idleUntil - now;
		return this.limited ? Math.min(untilIdleEnds, this.expiresAt - now) : untilIdleEnds;
	}

	long untilProbe(long now, long probeAfterNanos) {
		return this.probedAt + probeAfterNanos - now;
	}

	long idleSince() {
		return this.idleSince;
	}

	Duration age(boolean closed) {
		long end = closed ? this.closedAt : System.nanoTime();
		return Duration.ofNanos(Math.max(0, end - this.openedAt));
	}

}
