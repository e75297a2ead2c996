package io.github.httppool.hc5.net;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The deadline of the read or write that is in progress on a socket. Either the thread
 * ends the operation in time, or the housekeeper expires the deadline, never both.
 */
final class IoDeadline {

	/** No deadline. */
	static final long NONE = 0;

	private static final AtomicLongFieldUpdater<IoDeadline> DUE = AtomicLongFieldUpdater.newUpdater(IoDeadline.class,
			"due");

	private final Housekeeper housekeeper;

	/** When the operation began. Published by {@link #due}. */
	private long began;

	/** {@link System#nanoTime()} by which at least one byte must be transferred. */
	private volatile long due = NONE;

	IoDeadline(Housekeeper housekeeper) {
		this.housekeeper = housekeeper;
	}

	/**
	 * Begins an operation.
	 * @param timeout the timeout of the socket in milliseconds, or 0 for none
	 * @return the deadline, for {@link #end}
	 */
	long begin(int timeout) {
		if (timeout == 0) {
			return NONE;
		}
		this.began = System.nanoTime();
		long deadline = this.began + TimeUnit.MILLISECONDS.toNanos(timeout);
		long due = (deadline != NONE) ? deadline : 1;
		this.due = due;
		// Written first, so that the housekeeper either sees the
		// deadline or is woken for it.
		this.housekeeper.wakeAt(due);
		return due;
	}

	/**
	 * Ends the operation.
	 * @return {@code false} if the deadline has expired
	 */
	boolean end(long due) {
		return due == NONE || expire(due);
	}

	/**
	 * Returns the deadline of the operation in progress, or {@link #NONE}.
	 */
	long due() {
		return this.due;
	}

	/**
	 * Returns the time that is left before a deadline. Pauses of the process do not
	 * count.
	 * @return nanoseconds, 0 or less if the deadline has passed
	 */
	long left(long due, long now) {
		return this.housekeeper.pauses().left(this.began, due, now);
	}

	/**
	 * Expires a deadline.
	 * @return {@code false} if its operation has ended
	 */
	boolean expire(long due) {
		return DUE.compareAndSet(this, due, NONE);
	}

}
