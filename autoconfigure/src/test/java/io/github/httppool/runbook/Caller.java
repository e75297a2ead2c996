package io.github.httppool.runbook;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A thread that makes calls until it is stopped.
 */
final class Caller implements AutoCloseable {

	private final CountDownLatch stopped = new CountDownLatch(1);

	private final Thread thread;

	Caller(String name, Duration pause, Callable<?> call) {
		this.thread = new Thread(() -> run(pause, call), name);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run(Duration pause, Callable<?> call) {
		try {
			while (!this.stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
				try {
					call.call();
				}
				catch (InterruptedException ex) {
					throw ex;
				}
				catch (Exception ex) {
					// Some of them must fail.
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() throws InterruptedException {
		this.stopped.countDown();
		this.thread.interrupt();
		this.thread.join(5000);
	}

}
