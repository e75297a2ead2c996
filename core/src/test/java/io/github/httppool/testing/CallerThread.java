package io.github.httppool.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * A caller in a thread of its own. {@link Crowd} has many that start together.
 */
public final class CallerThread {

	private CallerThread() {
	}

	/**
	 * Run a task in a new daemon thread.
	 * @param name the name of the thread
	 * @param task the task
	 * @return its result, or whatever it throws
	 */
	public static <T> CompletableFuture<T> inThread(String name, Callable<T> task) {
		CompletableFuture<T> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(task.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return result;
	}

}
