package io.github.httppool.benchmarks.pool;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.measure.Call;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The cost of closing a body that was not read.
 *
 * @param more duration of a call that closes a body of 2 KB unread, minus that of a call
 * that reads it, in microseconds
 * @param flood 99th percentile of the close of an endless body that arrives as fast as it
 * can, in milliseconds
 * @param drip the same for a body that arrives slowly
 */
public record UnreadBodies(Statistics more, double flood, double drip) {

	private static final int CALLERS = 4;

	/**
	 * Measure.
	 * @param effort how much to measure
	 * @return the result
	 * @throws Exception if something cannot be measured
	 */
	public static Result run(Effort effort) throws Exception {
		try (Upstream upstream = new Upstream(); ComparedClient client = new ClientSpec(ClientKind.HTTP_POOL).open()) {
			Statistics more = more(client, upstream.uri(Answer.KB2), effort);
			return new UnreadBodies(more, p99(client, upstream.uri(Answer.FOREVER), effort.either(2000, 4)),
					p99(client, upstream.uri(Answer.DRIP), effort.either(400, 4)))
				.result();
		}
	}

	/**
	 * Time single calls in one thread, read and unread in turn.
	 */
	private static Statistics more(ComparedClient client, URI uri, Effort effort) throws IOException {
		int calls = effort.either(3000, 50);
		pairs(client, uri, 5 * calls);
		double[] differences = new double[effort.rounds(13)];
		for (int round = 0; round < differences.length; round++) {
			differences[round] = pairs(client, uri, calls);
		}
		return Statistics.of(differences);
	}

	private static double pairs(ComparedClient client, URI uri, int calls) throws IOException {
		double[] read = new double[calls];
		double[] ignored = new double[calls];
		for (int i = 0; i < calls; i++) {
			read[i] = micros((number) -> client.bytes(uri));
			ignored[i] = micros((number) -> client.ignore(uri));
		}
		return Statistics.of(ignored).median() - Statistics.of(read).median();
	}

	private static double micros(Call call) throws IOException {
		long started = System.nanoTime();
		call.make(0);
		return (System.nanoTime() - started) / 1e3;
	}

	private static double p99(ComparedClient client, URI uri, int closes) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			List<Future<Long>> all = new ArrayList<>();
			for (int i = 0; i < closes; i++) {
				all.add(callers.submit((Callable<Long>) () -> client.ignore(uri)));
			}
			double[] millis = new double[closes];
			for (int i = 0; i < closes; i++) {
				millis[i] = all.get(i).get() / 1e6;
			}
			Arrays.sort(millis);
			return Statistics.quantile(millis, 0.99);
		}
		finally {
			callers.shutdownNow();
		}
	}

	private Result result() {
		return new Result("Bodies that are closed unread.\n",
				List.of(new Goal("unread 2 KB body, more than reading it", this.more.toString(1) + " µs",
						"at most 20 µs", this.more.median() <= 20),
						Goal.atMost("close of an endless flood, 99th percentile", this.flood, 60, "ms"),
						Goal.atMost("close of an endless drip, 99th percentile", this.drip, 60, "ms")));
	}

}
