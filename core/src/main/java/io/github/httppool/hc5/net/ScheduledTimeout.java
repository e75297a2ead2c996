package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that must end in time: it is either disarmed by the thread that does it or
 * fires in the housekeeper, never both. Time in which the process stood still does not
 * count, and bytes that are there before the deadline are not missed by a thread that is
 * late.
 */
public abstract class ScheduledTimeout extends AtomicInteger {

	private static final int ARMED = 0;

	private static final int DISARMED = 1;

	private static final int FIRED = 2;

	/** Time for a thread to take what is there, before the socket is looked at again. */
	public static final long LATE_READER = TimeUnit.MILLISECONDS.toNanos(20);

	/** {@link System#nanoTime()} at which it began. */
	public final long began;

	/** {@link System#nanoTime()} at which it fires, unless the process stood still. */
	public final long deadline;

	/** When its time was found to be over, or 0. Known to the housekeeper alone. */
	private long over;

	/**
	 * Create a watch.
	 * @param began {@link System#nanoTime()} at which its time begins
	 * @param limit the time, in nanoseconds
	 */
	public ScheduledTimeout(long began, long limit) {
		super(ARMED);
		this.began = began;
		this.deadline = began + limit;
	}

	/**
	 * Return how much time is left. Called by the housekeeper.
	 * @return nanoseconds, 0 or less if it is to fire now
	 */
	final long left(long now, ProcessPauses pauses) {
		long left = pauses.left(this.began, this.deadline, now);
		if (left > 0) {
			return left;
		}
		if (this.over == 0) {
			this.over = now;
		}
		boolean paused = pauses.since(this.began) >= ProcessPauses.GRACE;
		long grace = this.over + (paused ? graceAfterPause() : LATE_READER) - now;
		return (grace > 0 && isThreadLate()) ? Math.min(grace, LATE_READER) : 0;
	}

	/**
	 * End the watch.
	 * @return {@code false} if it has fired
	 */
	final boolean disarm() {
		return compareAndSet(ARMED, DISARMED) || get() == DISARMED;
	}

	public final boolean hasFired() {
		return get() == FIRED;
	}

	public final void fire() {
		if (compareAndSet(ARMED, FIRED)) {
			expired();
		}
	}

	/** Must not block. */
	protected abstract void expired();

	/**
	 * Returns whether not the peer is late, but the thread that is to end the watch. Must
	 * not block.
	 */
	protected boolean isThreadLate() {
		return false;
	}

	/**
	 * Return how long a thread may be late after a pause of the process, in nanoseconds.
	 */
	protected long graceAfterPause() {
		return LATE_READER;
	}

}
