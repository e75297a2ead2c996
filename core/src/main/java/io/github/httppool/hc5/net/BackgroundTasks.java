package io.github.httppool.hc5.net;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs foreign code, such as listeners and log appenders, for threads that must not wait
 * for it. Its threads start when they are needed and end when there has been nothing to
 * do for some time.
 */
public final class BackgroundTasks {

	private static final long THREAD_ENDS_AFTER_SECONDS = 5;

	private final ThreadPoolExecutor threads;

	private final int mostWaiting;

	private volatile @Nullable Thread lastStarted;

	/**
	 * Create a queue.
	 * @param name the name of its threads
	 * @param threads the maximum number of threads
	 * @param mostWaiting the maximum number of tasks that wait for a thread
	 */
	public BackgroundTasks(String name, int threads, int mostWaiting) {
		this.mostWaiting = mostWaiting;
		this.threads = new ThreadPoolExecutor(threads, threads, THREAD_ENDS_AFTER_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> thread(name, task), BackgroundTasks::runAtOnce);
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * The thread starts in whatever call needs it first, and inherits nothing of that.
	 */
	private Thread thread(String name, Runnable task) {
		Thread created = new Thread(null, task, name, 0, false);
		created.setDaemon(true);
		this.lastStarted = created;
		return created;
	}

	/**
	 * Run a task later, unless too many wait already. Never blocks, never throws.
	 * @return {@code false} if the task is dropped
	 */
	public boolean offer(Runnable task) {
		return this.threads.getQueue().size() < this.mostWaiting && add(task);
	}

	/**
	 * Run a task later, however many wait. Never blocks, never throws.
	 * @return {@code false} if there is no memory or no thread for it
	 */
	public boolean add(Runnable task) {
		try {
			this.threads.execute(task);
			return true;
		}
		catch (Throwable ex) {
			return false;
		}
	}

	public int waiting() {
		return this.threads.getQueue().size();
	}

	/**
	 * After the end of the pool there is nothing left to hold up. What was queued behind
	 * a thread that the end did not let start would stay there.
	 */
	private static void runAtOnce(Runnable task, ThreadPoolExecutor threads) {
		for (Runnable queued = threads.getQueue().poll(); queued != null; queued = threads.getQueue().poll()) {
			queued.run();
		}
		task.run();
	}

	/**
	 * Run what is left, and take nothing more.
	 */
	public void shutDown() {
		this.threads.shutdown();
	}

	/**
	 * Wait until all tasks have run, but not for one that blocks.
	 */
	public void awaitEnd(long nanos) {
		Thread running = this.lastStarted;
		if (Thread.currentThread() == running) {
			return;
		}
		try {
			if (!this.threads.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
				this.threads.shutdownNow();
			}
			else if (running != null) {
				// The executor terminates shortly before its thread does.
				TimeUnit.MILLISECONDS.timedJoin(running, 1000);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
