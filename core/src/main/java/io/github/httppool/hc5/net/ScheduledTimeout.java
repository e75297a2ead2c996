package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A deadline for an operation. Either the thread that performs the operation disarms it,
 * or the housekeeper fires it, never both. Pauses of the process do not count, and a late
 * thread still receives bytes that arrived before the deadline.
 */
public abstract class ScheduledTimeout extends AtomicReference<ScheduledTimeout.State> {

	/**
	 * Time for a thread to read bytes that have arrived, before the socket is checked
	 * again.
	 */
	public static final long READER_GRACE = TimeUnit.MILLISECONDS.toNanos(20);

	/**
	 * {@link System#nanoTime()} at the start.
	 */
	public final long began;

	/**
	 * {@link System#nanoTime()} at which it fires, not counting pauses of the process.
	 */
	public final long deadline;

	/**
	 * When the deadline was first found to have passed, or 0. Accessed only by the
	 * housekeeper.
	 */
	private long overdueSince;

	/**
	 * Creates a timeout.
	 * @param began {@link System#nanoTime()} at the start
	 * @param limit the time limit, in nanoseconds
	 */
	public ScheduledTimeout(long began, long limit) {
		super(State.ARMED);
		this.began = began;
		this.deadline = began + limit;
	}

	/**
	 * Returns the remaining time. Called by the housekeeper.
	 * @return nanoseconds, 0 or less if it is to fire now
	 */
	final long left(long now, ProcessPauses pauses) {
		long left = pauses.left(this.began, this.deadline, now);
		if (left > 0) {
			return left;
		}
		if (this.overdueSince == 0) {
			this.overdueSince = now;
		}
		boolean paused = pauses.since(this.began) >= ProcessPauses.GRACE;
		long grace = this.overdueSince + (paused ? graceAfterPause() : READER_GRACE) - now;
		return (grace > 0 && isThreadLate()) ? Math.min(grace, READER_GRACE) : 0;
	}

	/**
	 * Disarm the timeout.
	 * @return {@code false} if it has fired
	 */
	final boolean disarm() {
		return compareAndSet(State.ARMED, State.DISARMED) || get() == State.DISARMED;
	}

	public final boolean hasFired() {
		return get() == State.FIRED;
	}

	public final void fire() {
		if (compareAndSet(State.ARMED, State.FIRED)) {
			expired();
		}
	}

	/**
	 * Called when the deadline has passed. Must not block.
	 */
	protected abstract void expired();

	/**
	 * Returns whether the thread that disarms the timeout is late, and not the peer. Must
	 * not block.
	 */
	protected boolean isThreadLate() {
		return false;
	}

	/**
	 * Returns the grace period for threads after a pause of the process, in nanoseconds.
	 */
	protected long graceAfterPause() {
		return READER_GRACE;
	}

	/**
	 * The state of a timeout. <pre>
	 *         +-- the operation ends --&gt; DISARMED
	 * ARMED --+
	 *         +-- the deadline passes -&gt; FIRED
	 * </pre>
	 */
	enum State {

		ARMED, DISARMED, FIRED

	}

}
