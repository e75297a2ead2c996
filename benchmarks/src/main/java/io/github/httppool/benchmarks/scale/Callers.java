package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.github.httppool.benchmarks.clients.ComparedClient;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call at a fixed rate together, whether earlier calls are back or not.
 */
final class Callers {

	private final ComparedClient client;

	private final URI uri;

	private final Load load;

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicLong errors = new AtomicLong();

	private final AtomicReference<@Nullable Throwable> firstError = new AtomicReference<>();

	private long[] latencies = {};

	Callers(ComparedClient client, URI uri, Load load) {
		this.client = client;
		this.uri = uri;
		this.load = load;
	}

	void run(int seconds) throws InterruptedException {
		this.latencies = new long[this.load.callsPerSecond() * seconds];
		long start = System.nanoTime();
		Thread[] threads = new Thread[this.load.callers()];
		for (int i = 0; i < threads.length; i++) {
			int caller = i;
			threads[i] = new Thread(() -> call(caller, start, seconds * 1_000_000_000L), "caller-" + caller);
			threads[i].start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
	}

	private void call(int caller, long start, long duration) {
		for (long n = caller;; n += this.load.callers()) {
			long due = n * 1_000_000_000L / this.load.callsPerSecond();
			if (due >= duration || System.nanoTime() - start >= duration) {
				return;
			}
			long begun = awaitDue(start, due);
			try {
				this.client.ignore(this.uri);
				this.latencies[this.calls.getAndIncrement()] = System.nanoTime() - start - begun;
			}
			catch (IOException | RuntimeException ex) {
				this.errors.incrementAndGet();
				this.firstError.compareAndSet(null, ex);
			}
		}
	}

	/**
	 * Return from when on a call counts: whoever is late counts from when it was due, but
	 * that a thread wakes late is not the client's.
	 */
	private static long awaitDue(long start, long due) {
		long begun = due;
		for (long now = System.nanoTime() - start; now < due; now = System.nanoTime() - start) {
			LockSupport.parkNanos(due - now);
			begun = System.nanoTime() - start;
		}
		return begun;
	}

	long[] sortedLatencies() {
		long[] sorted = Arrays.copyOf(this.latencies, this.calls.get());
		Arrays.sort(sorted);
		return sorted;
	}

	long errors() {
		return this.errors.get();
	}

	@Nullable Throwable firstError() {
		return this.firstError.get();
	}

}
