package io.github.httppool.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Threads that make calls until they are stopped.
 */
final class Callers implements AutoCloseable {

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final List<Thread> threads;

	Callers(int count, Duration pause, Scene.Call call, Consumer<Throwable> failed) {
		this.threads = IntStream.range(0, count)
			.mapToObj((i) -> new Thread(() -> run(pause, call, failed), "caller-" + i))
			.toList();
		this.threads.forEach((thread) -> thread.setDaemon(true));
		this.threads.forEach(Thread::start);
	}

	private void run(Duration pause, Scene.Call call, Consumer<Throwable> failed) {
		try {
			do {
				try {
					call.make();
				}
				catch (Exception ex) {
					failed.accept(ex);
				}
			}
			while (!this.stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Let the callers end the call that they make, and make no other.
	 */
	@Override
	public void close() throws InterruptedException {
		this.stopped.countDown();
		for (Thread thread : this.threads) {
			thread.join(5000);
		}
	}

}
