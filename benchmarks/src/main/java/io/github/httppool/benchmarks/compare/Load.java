package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.report.Statistics;

/**
 * What callers do for a while: as many calls as they can, or a number of them a second.
 *
 * @param work what each call does
 * @param uri what it asks for
 * @param threads how many callers there are
 * @param millis for how long, in milliseconds
 * @param callsPerSecond of all callers together; 0 for as many as they can. A call is
 * timed from when it was due, so that one that is held up by the call before it counts as
 * slow too
 * @param callers what makes the threads
 */
public record Load(Work work, URI uri, int threads, long millis, double callsPerSecond,
		Function<Runnable, Thread> callers) {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	/**
	 * As many calls as platform threads can make.
	 * @param work what each call does
	 * @param uri what it asks for
	 * @param threads how many callers there are
	 * @param millis for how long
	 * @return the load
	 */
	public static Load full(Work work, URI uri, int threads, long millis) {
		return new Load(work, uri, threads, millis, 0, Thread::new);
	}

	/**
	 * Return the same for another time.
	 * @param millis for how long
	 * @return the load
	 */
	public Load during(long millis) {
		return new Load(this.work, this.uri, this.threads, millis, this.callsPerSecond, this.callers);
	}

	/**
	 * Put it on a client.
	 * @param client the client
	 * @return what was measured
	 * @throws InterruptedException if this thread is interrupted
	 */
	Slice slice(ComparedClient client) throws InterruptedException {
		long interval = (this.callsPerSecond > 0) ? (long) (this.threads * 1e9 / this.callsPerSecond) : 0;
		List<Caller> all = new ArrayList<>();
		List<Thread> running = new ArrayList<>();
		long cpu = SYSTEM.getProcessCpuTime();
		long started = System.nanoTime();
		for (int i = 0; i < this.threads; i++) {
			Caller caller = new Caller(client, started + i * interval / this.threads, interval,
					started + TimeUnit.MILLISECONDS.toNanos(this.millis));
			all.add(caller);
			running.add(this.callers.apply(caller));
		}
		running.forEach(Thread::start);
		for (Thread caller : running) {
			caller.join();
		}
		long took = System.nanoTime() - started;
		cpu = SYSTEM.getProcessCpuTime() - cpu;
		return sum(all, cpu, took);
	}

	private static Slice sum(List<Caller> callers, long cpu, long took) {
		double calls = callers.stream().mapToLong((caller) -> caller.calls).sum();
		double bytes = callers.stream().mapToDouble((caller) -> caller.bytes).sum();
		double[] latencies = callers.stream()
			.flatMapToLong((caller) -> Arrays.stream(caller.latencies, 0, (int) Math.min(caller.calls, caller.most())))
			.mapToDouble((nanos) -> nanos / 1e3)
			.sorted()
			.toArray();
		boolean timed = latencies.length > 0;
		return new Slice(calls * 1e9 / took, cpu / 1e3 / calls, bytes / calls,
				timed ? Statistics.quantile(latencies, 0.5) : Double.NaN,
				timed ? Statistics.quantile(latencies, 0.99) : Double.NaN,
				callers.stream().mapToLong((caller) -> caller.failures).sum());
	}

	private final class Caller implements Runnable {

		private final ComparedClient client;

		private final long interval;

		private final long end;

		private final long[] latencies;

		private long due;

		private long calls;

		private long failures;

		private double bytes;

		Caller(ComparedClient client, long due, long interval, long end) {
			this.client = client;
			this.due = due;
			this.interval = interval;
			this.end = end;
			this.latencies = new long[(interval > 0) ? (int) ((end - due) / interval) + 1 : 0];
		}

		int most() {
			return this.latencies.length;
		}

		@Override
		public void run() {
			long before = allocated();
			// One at least: no number is missing where the machine has other work.
			while (waitUntilDue() || this.calls + this.failures == 0) {
				try {
					Load.this.work.call(this.client, Load.this.uri);
					if (this.calls < this.latencies.length) {
						this.latencies[(int) this.calls] = System.nanoTime() - this.due;
					}
					this.calls++;
				}
				catch (IOException | RuntimeException ex) {
					this.failures++;
				}
				this.due += this.interval;
			}
			this.bytes = (before >= 0) ? allocated() - before : Double.NaN;
		}

		private boolean waitUntilDue() {
			long now = System.nanoTime();
			while (this.interval > 0 && now - this.due < 0 && now - this.end < 0) {
				LockSupport.parkNanos(this.due - now);
				now = System.nanoTime();
			}
			return now - this.end < 0;
		}

		private long allocated() {
			return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
		}

	}

}
