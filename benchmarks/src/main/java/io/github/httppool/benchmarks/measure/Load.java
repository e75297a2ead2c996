package io.github.httppool.benchmarks.measure;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.httppool.benchmarks.report.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The load of one slice: as many calls as the callers can make, or calls at a fixed rate.
 *
 * @param threads number of calling threads
 * @param millis duration, in milliseconds
 * @param callsPerSecond rate of all callers together; 0 for as many as possible. The
 * latency of a paced call counts from the time when it was due, so that a call delayed by
 * the one before it counts as slow too.
 * @param virtual whether the callers are virtual threads (Java 21 or later)
 */
public record Load(int threads, long millis, double callsPerSecond, boolean virtual) implements Serializable {

	private static final long serialVersionUID = 1;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	/**
	 * Create a load of as many calls as platform threads can make.
	 * @param threads number of calling threads
	 * @param millis duration, in milliseconds
	 */
	public Load(int threads, long millis) {
		this(threads, millis, 0, false);
	}

	/**
	 * Return this load with another duration.
	 * @param millis duration, in milliseconds
	 * @return the load
	 */
	public Load during(long millis) {
		return new Load(this.threads, millis, this.callsPerSecond, this.virtual);
	}

	/**
	 * Make calls and measure them.
	 * @param call makes one call
	 * @return the measurements
	 * @throws InterruptedException if this thread is interrupted
	 */
	public Slice slice(Call call) throws InterruptedException {
		long interval = (this.callsPerSecond > 0) ? (long) (this.threads * 1e9 / this.callsPerSecond) : 0;
		Function<Runnable, Thread> threads = this.virtual ? virtualThreads() : Thread::new;
		List<Caller> all = new ArrayList<>();
		List<Thread> running = new ArrayList<>();
		long cpu = SYSTEM.getProcessCpuTime();
		long started = System.nanoTime();
		for (int i = 0; i < this.threads; i++) {
			Caller caller = new Caller(call, i, started + i * interval / this.threads, interval,
					started + TimeUnit.MILLISECONDS.toNanos(this.millis));
			all.add(caller);
			running.add(threads.apply(caller));
		}
		running.forEach(Thread::start);
		for (Thread caller : running) {
			caller.join();
		}
		long took = System.nanoTime() - started;
		cpu = SYSTEM.getProcessCpuTime() - cpu;
		all.stream()
			.map((caller) -> caller.failure)
			.filter(Objects::nonNull)
			.findFirst()
			.ifPresent((failure) -> System.err.println("A call failed: " + failure));
		return sum(all, cpu, took);
	}

	/**
	 * Return {@code Thread.ofVirtual()::unstarted}, which Java 17 does not have.
	 */
	private static Function<Runnable, Thread> virtualThreads() {
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			var unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
			return (task) -> {
				try {
					return (Thread) unstarted.invoke(builder, task);
				}
				catch (ReflectiveOperationException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Virtual threads need Java 21 or later", ex);
		}
	}

	private static Slice sum(List<Caller> callers, long cpu, long took) {
		double calls = callers.stream().mapToLong((caller) -> caller.calls).sum();
		double bytes = callers.stream().mapToDouble((caller) -> caller.bytes).sum();
		double[] latencies = callers.stream()
			.flatMapToLong((caller) -> Arrays.stream(caller.latencies, 0,
					(int) Math.min(caller.calls, caller.latencies.length)))
			.mapToDouble((nanos) -> nanos / 1e3)
			.sorted()
			.toArray();
		boolean timed = latencies.length > 0;
		return new Slice(calls * 1e9 / took, cpu / 1e3 / calls, bytes / calls,
				timed ? Statistics.quantile(latencies, 0.5) : Double.NaN,
				timed ? Statistics.quantile(latencies, 0.99) : Double.NaN,
				callers.stream().mapToLong((caller) -> caller.failures).sum());
	}

	private static final class Caller implements Runnable {

		private final Call call;

		private final long interval;

		private final long end;

		private final long[] latencies;

		private int number;

		private long due;

		private long calls;

		private long failures;

		private @Nullable Exception failure;

		private double bytes;

		Caller(Call call, int number, long due, long interval, long end) {
			this.call = call;
			this.number = number;
			this.due = due;
			this.interval = interval;
			this.end = end;
			this.latencies = new long[(interval > 0) ? (int) ((end - due) / interval) + 1 : 0];
		}

		@Override
		public void run() {
			long before = allocated();
			// At least one call, so that no measurement is missing on a busy machine.
			while (waitUntilDue() || this.calls + this.failures == 0) {
				try {
					this.call.make(this.number++);
					if (this.calls < this.latencies.length) {
						this.latencies[(int) this.calls] = System.nanoTime() - this.due;
					}
					this.calls++;
				}
				catch (IOException | RuntimeException ex) {
					this.failures++;
					this.failure = ex;
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

		private static long allocated() {
			return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
		}

	}

}
