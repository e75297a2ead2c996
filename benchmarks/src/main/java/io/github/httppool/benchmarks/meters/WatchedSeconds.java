package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * Full load, one second in which the endpoint is read and the meters are scraped, and one
 * in which they are not, in turn.
 */
public final class WatchedSeconds implements AutoCloseable {

	private static final int THREADS = 16;

	private final Upstream upstream = new Upstream();

	private final URI uri = this.upstream.uri(Answer.KB1);

	private final WatchedApplication application = new WatchedApplication();

	private final LongAdder calls = new LongAdder();

	private volatile boolean stopping;

	private WatchedSeconds() throws IOException {
	}

	/**
	 * Measure.
	 * @param effort how much to measure
	 * @return the result
	 * @throws Exception if something cannot be measured
	 */
	public static Result run(Effort effort) throws Exception {
		try (WatchedSeconds seconds = new WatchedSeconds()) {
			return seconds.run(effort.either(10, 0), effort.rounds(3) * effort.either(20, 1));
		}
	}

	private Result run(int warmUp, int pairs) throws InterruptedException {
		for (int i = 0; i < THREADS; i++) {
			Thread caller = new Thread(this::call);
			caller.setDaemon(true);
			caller.start();
		}
		for (int i = 0; i < warmUp; i++) {
			second(true);
		}
		double[] ratios = new double[pairs];
		double[] alone = new double[pairs];
		for (int i = 0; i < ratios.length; i++) {
			boolean watchedFirst = i % 2 == 0;
			double first = second(watchedFirst);
			double second = second(!watchedFirst);
			ratios[i] = watchedFirst ? first / second : second / first;
			alone[i] = watchedFirst ? second : first;
		}
		return new Result(String.format(Locale.ROOT, "%,.0f calls per second; ratio while it is watched: %s%n",
				Statistics.of(alone).median(), Statistics.of(ratios).toString(4)));
	}

	/**
	 * Wait for a second, and return the calls per second meanwhile.
	 */
	private double second(boolean watched) throws InterruptedException {
		long before = this.calls.sum();
		long started = System.nanoTime();
		if (watched) {
			this.application.read();
		}
		Thread.sleep(Math.max(1, 1000 - (System.nanoTime() - started) / 1_000_000));
		return (this.calls.sum() - before) * 1e9 / (System.nanoTime() - started);
	}

	private void call() {
		while (!this.stopping) {
			this.application.client().get().uri(this.uri).retrieve().body(byte[].class);
			this.calls.increment();
		}
	}

	@Override
	public void close() {
		this.stopping = true;
		this.application.close();
		this.upstream.close();
	}

}
