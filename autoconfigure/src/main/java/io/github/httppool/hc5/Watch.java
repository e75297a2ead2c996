package io.github.httppool.hc5;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that must end in time: it is either disarmed by the thread that does it or
 * fires in the housekeeper, never both.
 */
abstract class Watch extends AtomicInteger {

	private static final int ARMED = 0;

	private static final int DISARMED = 1;

	private static final int FIRED = 2;

	/** {@link System#nanoTime()} at which it fires. */
	final long deadline;

	Watch(long deadline) {
		super(ARMED);
		this.deadline = deadline;
	}

	/**
	 * End the watch.
	 * @return {@code false} if it has fired
	 */
	final boolean disarm() {
		return compareAndSet(ARMED, DISARMED) || get() == DISARMED;
	}

	final boolean hasFired() {
		return get() == FIRED;
	}

	final void fire() {
		if (compareAndSet(ARMED, FIRED)) {
			expired();
		}
	}

	/** Must not block. */
	protected abstract void expired();

}
