package io.github.httppool.hc5.pool;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Distinguishes interrupts by other threads from the interrupt with which the housekeeper
 * ends a call. Both set the same flag of the thread, but interrupts by other threads must
 * outlive the call. When a thread is interrupted, the JDK wakes up the selector on which
 * it waits; this class registers as such a selector without waiting. Any channel
 * operation of the thread ends the monitoring, so callers {@linkplain #resume() resume}
 * it after each step.
 */
final class InterruptMonitor extends AbstractSelector {

	private final Thread thread = Thread.currentThread();

	private volatile boolean byOthers;

	/**
	 * The thread that interrupts the monitored thread to end its call, or {@code null}.
	 */
	private volatile @Nullable Thread deadline;

	private volatile boolean over;

	InterruptMonitor() {
		super(null);
	}

	/**
	 * Begin or resume monitoring. Called by the monitored thread.
	 */
	void resume() {
		if (Thread.currentThread() == this.thread) {
			begin();
		}
	}

	boolean isInterrupted() {
		return this.thread.isInterrupted();
	}

	/**
	 * Interrupt the monitored thread to end its call.
	 */
	void interrupt() {
		this.deadline = Thread.currentThread();
		this.thread.interrupt();
	}

	/**
	 * Stop monitoring. Called by the monitored thread once its call can no longer be
	 * interrupted.
	 */
	void end(boolean interrupted) {
		boolean flagged = interrupted && Thread.interrupted();
		end();
		this.over = true;
		if (flagged && this.byOthers) {
			this.thread.interrupt();
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Called by the interrupting thread, or by the monitored thread if it is already
	 * interrupted when monitoring begins.
	 */
	@Override
	public Selector wakeup() {
		Thread interrupter = Thread.currentThread();
		Thread deadline = this.deadline;
		if (interrupter != deadline && (interrupter != this.thread || deadline == null)) {
			this.byOthers = true;
			if (this.over && interrupter != this.thread) {
				// The flag may have been attributed to the housekeeper and cleared.
				this.thread.interrupt();
			}
		}
		return this;
	}

	@Override
	protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Set<SelectionKey> keys() {
		return Set.of();
	}

	@Override
	public Set<SelectionKey> selectedKeys() {
		return Set.of();
	}

	@Override
	public int selectNow() {
		return 0;
	}

	@Override
	public int select(long timeout) {
		return 0;
	}

	@Override
	public int select() {
		return 0;
	}

	@Override
	protected void implCloseSelector() {
	}

}
