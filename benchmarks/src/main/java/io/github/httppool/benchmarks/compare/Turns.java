package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;

/**
 * Lets clients work in short slices that take turns, so that whatever else the machine
 * does meets all of them alike.
 */
final class Turns implements AutoCloseable {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final Map<ClientKind, ComparedClient> clients = new EnumMap<>(ClientKind.class);

	Turns(List<ClientKind> kinds, int maxConnections) {
		kinds.forEach((kind) -> this.clients.put(kind, kind.open(maxConnections)));
	}

	/**
	 * Measure all clients, each in every round once, beginning with another in each.
	 * @return the slices of each client, in the order of the rounds
	 */
	Map<ClientKind, List<Slice>> run(Work work, URI uri, int threads, int rounds, long sliceMillis) throws Exception {
		Map<ClientKind, List<Slice>> slices = new EnumMap<>(ClientKind.class);
		List<ClientKind> kinds = new ArrayList<>(this.clients.keySet());
		kinds.forEach((kind) -> slices.put(kind, new ArrayList<>()));
		for (int round = 0; round < rounds; round++) {
			for (int turn = 0; turn < kinds.size(); turn++) {
				ClientKind kind = kinds.get((round + turn) % kinds.size());
				slices.get(kind).add(slice(this.clients.get(kind), work, uri, threads, sliceMillis));
			}
		}
		return slices;
	}

	private static Slice slice(ComparedClient client, Work work, URI uri, int threads, long millis) throws Exception {
		LongAdder calls = new LongAdder();
		LongAdder bytes = new LongAdder();
		AtomicLong failures = new AtomicLong();
		long end = System.nanoTime() + millis * 1_000_000;
		Thread[] callers = new Thread[threads];
		for (int i = 0; i < threads; i++) {
			callers[i] = new Thread(() -> {
				long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
				long made = 0;
				while (System.nanoTime() - end < 0) {
					try {
						work.call(client, uri);
						made++;
					}
					catch (IOException | RuntimeException ex) {
						failures.incrementAndGet();
					}
				}
				calls.add(made);
				bytes.add(THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
			});
		}
		long cpu = SYSTEM.getProcessCpuTime();
		long started = System.nanoTime();
		for (Thread caller : callers) {
			caller.start();
		}
		for (Thread caller : callers) {
			caller.join();
		}
		long took = System.nanoTime() - started;
		cpu = SYSTEM.getProcessCpuTime() - cpu;
		long made = calls.sum();
		return new Slice(made * 1e9 / took, cpu / 1e3 / made, (double) bytes.sum() / made, failures.get());
	}

	@Override
	public void close() {
		this.clients.values().forEach(ComparedClient::close);
	}

	/**
	 * What is done with a client.
	 */
	interface Work {

		void call(ComparedClient client, URI uri) throws IOException;

	}

	/**
	 * What was measured in one slice.
	 *
	 * @param callsPerSecond calls in a second
	 * @param cpuMicros CPU time of the process for a call, in microseconds
	 * @param bytes allocated for a call
	 * @param failures how many calls failed
	 */
	record Slice(double callsPerSecond, double cpuMicros, double bytes, long failures) {

	}

	/**
	 * Return the middle of the ratios of slices of the same rounds.
	 */
	static double ratio(List<Slice> slices, List<Slice> base, java.util.function.ToDoubleFunction<Slice> what) {
		double[] ratios = new double[slices.size()];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = what.applyAsDouble(slices.get(i)) / what.applyAsDouble(base.get(i));
		}
		return median(ratios);
	}

	static double median(double[] numbers) {
		double[] sorted = numbers.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		return (sorted.length % 2 != 0) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
