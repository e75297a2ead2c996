package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.sun.management.ThreadMXBean;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.BootClient;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * Calls of one thread with each kind of meters in turn, each call timed by itself.
 * Medians of thousands of neighbours show a difference of one percent, also on a machine
 * that has other work.
 */
public final class PairedCalls implements AutoCloseable {

	private final int calls;

	private final Meters[] kinds = Meters.values();

	private final Upstream upstream = new Upstream();

	private final URI uri = this.upstream.uri(Answer.KB1);

	private final List<ComparedClient> clients = new ArrayList<>();

	private long sink;

	private PairedCalls(int calls) throws IOException {
		this.calls = calls;
		for (Meters kind : this.kinds) {
			this.clients.add(BootClient.pooled(new ClientSpec(ClientKind.HTTP_POOL), kind.listeners()));
		}
	}

	/**
	 * Measure.
	 * @param effort how much to measure
	 * @return the result
	 * @throws IOException if the server does not start
	 */
	public static Result run(Effort effort) throws IOException {
		try (PairedCalls pairs = new PairedCalls(effort.either(10_000, 50))) {
			return pairs.run(effort.rounds(3));
		}
	}

	private Result run(int rounds) throws IOException {
		measure(3 * this.calls);
		double[][] medians = new double[this.kinds.length][rounds];
		for (int round = 0; round < rounds; round++) {
			double[][] micros = measure(this.calls);
			for (int kind = 0; kind < this.kinds.length; kind++) {
				medians[kind][round] = Statistics.of(micros[kind]).median();
			}
		}
		StringBuilder text = new StringBuilder(
				"| meters | median of a call | ratio | bytes per call |\n| --- | ---: | ---: | ---: |\n");
		for (int kind = 0; kind < this.kinds.length; kind++) {
			text.append(String.format(Locale.ROOT, "| %s | %.2f µs | %s | %,.0f |%n", this.kinds[kind],
					Statistics.of(medians[kind]).median(), Statistics.ofRatios(medians[kind], medians[0]).toString(4),
					bytes(this.clients.get(kind))));
		}
		return new Result(text.toString());
	}

	/**
	 * Make calls in turn, each time beginning with another kind.
	 * @return the duration of each call of each kind, in microseconds
	 */
	private double[][] measure(int calls) throws IOException {
		double[][] micros = new double[this.kinds.length][calls];
		for (int call = 0; call < calls; call++) {
			for (int turn = 0; turn < this.kinds.length; turn++) {
				int kind = (call + turn) % this.kinds.length;
				long started = System.nanoTime();
				call(this.clients.get(kind));
				micros[kind][call] = (System.nanoTime() - started) / 1e3;
			}
		}
		return micros;
	}

	private double bytes(ComparedClient client) throws IOException {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long thread = Thread.currentThread().getId();
		long before = threads.getThreadAllocatedBytes(thread);
		for (int call = 0; call < this.calls; call++) {
			call(client);
		}
		return (double) (threads.getThreadAllocatedBytes(thread) - before) / this.calls;
	}

	private void call(ComparedClient client) throws IOException {
		this.sink += client.bytes(this.uri).length;
	}

	@Override
	public void close() {
		this.clients.forEach(ComparedClient::close);
		this.upstream.close();
		if (this.sink == 0) {
			throw new IllegalStateException("Nothing was read");
		}
	}

}
