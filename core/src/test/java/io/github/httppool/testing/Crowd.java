package io.github.httppool.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers that start at the same time.
 */
public final class Crowd implements AutoCloseable {

	private final ExecutorService threads;

	private final int size;

	public Crowd(int size) {
		this.size = size;
		AtomicInteger number = new AtomicInteger();
		this.threads = Executors.newFixedThreadPool(size, (task) -> {
			Thread thread = new Thread(task, "caller-" + number.getAndIncrement());
			thread.setDaemon(true);
			return thread;
		});
	}

	/**
	 * Let each thread repeat a task, and wait for all threads.
	 * @return the nanoseconds that it took
	 * @throws Exception the exception of the first thread that failed
	 */
	public long all(int times, Task task) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		CountDownLatch ready = new CountDownLatch(this.size);
		List<Future<?>> ends = new ArrayList<>();
		for (int i = 0; i < this.size; i++) {
			int caller = i;
			ends.add(this.threads.submit(() -> {
				ready.countDown();
				start.await();
				for (int time = 0; time < times; time++) {
					task.run(caller, time);
				}
				return null;
			}));
		}
		ready.await();
		long started = System.nanoTime();
		start.countDown();
		for (Future<?> end : ends) {
			end.get(60, TimeUnit.SECONDS);
		}
		return System.nanoTime() - started;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	public interface Task {

		void run(int caller, int time) throws Exception;

	}

}
