package io.github.httppool.hc5.net;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Runs third-party code, such as listeners and log appenders, on behalf of threads that
 * must not block. Worker threads start on demand and end when they have been idle for a
 * few seconds.
 */
public final class BackgroundTasks {

	private static final long THREAD_ENDS_AFTER_SECONDS = 5;

	private final ThreadPoolExecutor threads;

	private final int maxQueued;

	private volatile @Nullable Thread lastStarted;

	/**
	 * Creates a queue.
	 * @param name the name of its threads
	 * @param threads the maximum number of threads
	 * @param maxQueued the maximum number of tasks that wait for a thread
	 */
	public BackgroundTasks(String name, int threads, int maxQueued) {
		this.maxQueued = maxQueued;
		this.threads = new ThreadPoolExecutor(threads, threads, THREAD_ENDS_AFTER_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> thread(name, task), BackgroundTasks::runInCaller);
		this.threads.allowCoreThreadTimeOut(true);
	}

	/**
	 * The caller that happens to start the thread must not leak its context class loader
	 * or thread-locals into it.
	 */
	private Thread thread(String name, Runnable task) {
		Thread created = new Thread(null, task, name, 0, false);
		created.setDaemon(true);
		this.lastStarted = created;
		return created;
	}

	/**
	 * Runs a task later, unless the queue is full. Never blocks or throws.
	 * @return {@code false} if the task is dropped
	 */
	public boolean offer(Runnable task) {
		return this.threads.getQueue().size() < this.maxQueued && add(task);
	}

	/**
	 * Runs a task later, even if the queue is full. Never blocks or throws.
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

	public int queued() {
		return this.threads.getQueue().size();
	}

	/**
	 * Runs the queued tasks and the new one in the caller's thread, which may block after
	 * shutdown. Otherwise, they would remain in the queue of an executor that no longer
	 * starts threads.
	 */
	private static void runInCaller(Runnable task, ThreadPoolExecutor threads) {
		for (Runnable queued = threads.getQueue().poll(); queued != null; queued = threads.getQueue().poll()) {
			queued.run();
		}
		task.run();
	}

	/**
	 * Runs the queued tasks and accepts no more.
	 */
	public void shutDown() {
		this.threads.shutdown();
	}

	/**
	 * Waits until all tasks have run, for a limited time.
	 */
	public void awaitTermination(long nanos) {
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
