package io.github.httppool.hc5;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.HttpPoolListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener, in a thread of its own, of what happens where nobody may be held
 * up: under the lock of HttpClient's pool, or in the housekeeper. The thread starts with
 * the first such event and ends when none has come for some time.
 */
final class Messenger {

	/** More connections than are closed at once; what a listener leaves lying is lost. */
	static final int MOST_UNTOLD = 10_000;

	private static final long THREAD_ENDS_AFTER_SECONDS = 5;

	private static final Logger log = LoggerFactory.getLogger(HttpPoolListener.class);

	private final HttpPoolListener listener;

	private final ThreadPoolExecutor thread;

	private final AtomicBoolean losing = new AtomicBoolean();

	private volatile @Nullable Thread current;

	Messenger(String pool, HttpPoolListener listener) {
		this.listener = listener;
		this.thread = new ThreadPoolExecutor(1, 1, THREAD_ENDS_AFTER_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(MOST_UNTOLD), (task) -> thread(pool, task), this::refused);
		this.thread.allowCoreThreadTimeOut(true);
	}

	/**
	 * The thread comes into being in whatever call needs it first, and inherits nothing
	 * of that.
	 */
	private Thread thread(String pool, Runnable task) {
		Thread created = new Thread(null, task, "http-pool-" + pool + "-listener", 0, false);
		created.setDaemon(true);
		this.current = created;
		return created;
	}

	/**
	 * Tell the listener later. Never blocks, never throws.
	 */
	void later(Runnable event) {
		try {
			this.thread.execute(event);
		}
		catch (Throwable ex) {
			// There is no thread to be had.
			lost();
		}
	}

	private void refused(Runnable event, ThreadPoolExecutor executor) {
		if (executor.isShutdown()) {
			// After the end of the pool nobody else can be held up. What was queued
			// behind
			// a thread that the end did not let start would stay there.
			for (Runnable queued = executor.getQueue().poll(); queued != null; queued = executor.getQueue().poll()) {
				queued.run();
			}
			event.run();
		}
		else {
			lost();
		}
	}

	private void lost() {
		if (this.losing.compareAndSet(false, true)) {
			try {
				log.warn(
						"Listener {} is not told of every connection that was closed while idle any more: "
								+ "{} such events wait for it. It blocks, or there is no thread for it",
						this.listener.getClass().getName(), this.thread.getQueue().size());
			}
			catch (Throwable ex) {
				// Nobody here can do anything about it.
			}
		}
	}

	/**
	 * Tell what is left, and take nothing more.
	 */
	void shutDown() {
		this.thread.shutdown();
	}

	/**
	 * Wait until all is told, but not for a listener that blocks.
	 */
	void awaitEnd(long nanos) {
		Thread telling = this.current;
		if (Thread.currentThread() == telling) {
			return;
		}
		try {
			if (!this.thread.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
				this.thread.shutdownNow();
			}
			else if (telling != null) {
				// The executor terminates shortly before its thread does.
				TimeUnit.MILLISECONDS.timedJoin(telling, 1000);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
