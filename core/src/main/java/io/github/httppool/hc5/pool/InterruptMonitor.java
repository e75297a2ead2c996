package io.github.httppool.hc5.pool;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Tells interrupts by others from the one by which the housekeeper ends a call: a thread
 * has one flag for both, and the flag of the others must outlive the call. The JDK wakes
 * the selector that a thread waits in whenever another thread interrupts it; this is such
 * a selector that no thread waits on. Any operation of a channel in the same thread ends
 * the watching, which therefore {@linkplain #resume() begins again} after each step.
 */
final class InterruptMonitor extends AbstractSelector {

	private final Thread thread = Thread.currentThread();

	private volatile boolean byOthers;

	/** Who interrupts the thread to end its call, or {@code null} before that. */
	private volatile @Nullable Thread deadline;

	private volatile boolean over;

	InterruptMonitor() {
		super(null);
	}

	/**
	 * Watch from here on. Called by the thread that is watched.
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
	 * Interrupt the thread to end its call.
	 */
	void interrupt() {
		this.deadline = Thread.currentThread();
		this.thread.interrupt();
	}

	/**
	 * Stop watching. Called by the thread that is watched, and that nobody interrupts for
	 * its call any more.
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
	 * Called by the thread that interrupts, and by the thread where it is interrupted
	 * already when the watching begins.
	 */
	@Override
	public Selector wakeup() {
		Thread interrupter = Thread.currentThread();
		Thread deadline = this.deadline;
		if (interrupter != deadline && (interrupter != this.thread || deadline == null)) {
			this.byOthers = true;
			if (this.over && interrupter != this.thread) {
				// Its flag may have been taken for the housekeeper's.
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
