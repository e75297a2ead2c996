package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.sun.management.ThreadMXBean;
import io.github.httppool.benchmarks.Effort;

/**
 * The calls of {@link CallBenchmark} in one process, one with each kind of meters after
 * the other, each timed by itself. Medians of thousands of neighbours tell a difference
 * of a percent also where the machine has other work, which averages do not.
 */
public final class PairedCalls implements AutoCloseable {

	private final int calls;

	private final Meters[] kinds = Meters.values();

	private final KeepAliveServer server = new KeepAliveServer(1024);

	private final URI uri = URI.create(this.server.url());

	private final List<PooledClient> clients = new ArrayList<>();

	private long sink;

	private PairedCalls(int calls) throws IOException {
		this.calls = calls;
		for (Meters kind : this.kinds) {
			this.clients.add(new PooledClient(kind.listeners()));
		}
	}

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @throws IOException if the server does not start
	 */
	public static void run(Effort effort) throws IOException {
		try (PairedCalls pairs = new PairedCalls(effort.either(10_000, 50))) {
			pairs.run(effort.rounds(3));
		}
	}

	private void run(int rounds) {
		measure(3 * this.calls);
		double[][] ratios = new double[this.kinds.length][rounds];
		double[][] medians = new double[this.kinds.length][rounds];
		for (int round = 0; round < rounds; round++) {
			long[][] nanos = measure(this.calls);
			for (int kind = 0; kind < this.kinds.length; kind++) {
				Arrays.sort(nanos[kind]);
				medians[kind][round] = nanos[kind][this.calls / 2] / 1000.0;
				ratios[kind][round] = medians[kind][round] / medians[0][round];
			}
		}
		System.out.printf("%n%-12s %15s %26s %12s%n", "pairs", "median call", "ratio (least to most)", "B/call");
		for (int kind = 0; kind < this.kinds.length; kind++) {
			Arrays.sort(ratios[kind]);
			Arrays.sort(medians[kind]);
			System.out.printf("%-12s %9.2f us/op %8.4f (%.4f to %.4f) %12.0f%n", this.kinds[kind],
					medians[kind][rounds / 2], ratios[kind][rounds / 2], ratios[kind][0], ratios[kind][rounds - 1],
					bytes(this.clients.get(kind)));
		}
	}

	/**
	 * Make calls in turn, beginning with another kind each time.
	 */
	private long[][] measure(int calls) {
		long[][] nanos = new long[this.kinds.length][calls];
		for (int call = 0; call < calls; call++) {
			for (int turn = 0; turn < this.kinds.length; turn++) {
				int kind = (call + turn) % this.kinds.length;
				long started = System.nanoTime();
				call(this.clients.get(kind));
				nanos[kind][call] = System.nanoTime() - started;
			}
		}
		return nanos;
	}

	private double bytes(PooledClient client) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long thread = Thread.currentThread().getId();
		long before = threads.getThreadAllocatedBytes(thread);
		for (int call = 0; call < this.calls; call++) {
			call(client);
		}
		return (double) (threads.getThreadAllocatedBytes(thread) - before) / this.calls;
	}

	private void call(PooledClient client) {
		byte[] body = client.restClient().get().uri(this.uri).retrieve().body(byte[].class);
		this.sink += (body != null) ? body.length : 0;
	}

	@Override
	public void close() {
		this.clients.forEach(PooledClient::close);
		this.server.close();
		if (this.sink == 0) {
			throw new IllegalStateException("Nothing was read");
		}
	}

}
