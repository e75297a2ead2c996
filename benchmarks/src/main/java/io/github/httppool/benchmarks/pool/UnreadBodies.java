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
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.compare.Turns;
import io.github.httppool.benchmarks.compare.Work;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * What it takes to close a body that nobody read.
 *
 * @param more by how much longer a call takes, in microseconds, whose body of 2 KB is not
 * read than one that reads it
 * @param flood the 99th percentile of the close of a body that comes without end, as fast
 * as it can, in milliseconds
 * @param drip the same where it comes slowly
 */
public record UnreadBodies(Statistics more, double flood, double drip) {

	private static final int CALLERS = 4;

	/**
	 * Measure the pool and print.
	 * @param effort how thoroughly
	 * @return what was measured
	 * @throws Exception if something cannot be run
	 */
	public static UnreadBodies measure(Effort effort) throws Exception {
		try (Upstream upstream = new Upstream();
				ComparedClient client = ClientKind.HTTP_POOL.open(Turns.MAX_CONNECTIONS)) {
			Statistics more = more(client, upstream.uri(Answer.KB2), effort);
			return new UnreadBodies(more, p99(client, upstream.uri(Answer.FOREVER), effort.either(2000, 4)),
					p99(client, upstream.uri(Answer.DRIP), effort.either(400, 4)))
				.print();
		}
	}

	/**
	 * Calls of both kinds take turns, each timed by itself, in one thread.
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
			read[i] = micros(ComparedClient::bytes, client, uri);
			ignored[i] = micros(ComparedClient::ignore, client, uri);
		}
		return Statistics.of(ignored).median() - Statistics.of(read).median();
	}

	private static double micros(Work work, ComparedClient client, URI uri) throws IOException {
		long started = System.nanoTime();
		work.call(client, uri);
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

	private UnreadBodies print() {
		System.out.printf("Unread bodies: 2 KB %s us more than reading it; without end, p99 %.1f ms of a flood,"
				+ " %.1f ms of a drip%n", this.more.toString(1), this.flood, this.drip);
		return this;
	}

}
