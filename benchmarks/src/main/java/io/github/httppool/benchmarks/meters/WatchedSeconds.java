package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.benchmarks.Effort;

/**
 * Full load in one process, a second in which endpoint and scrape are read after one in
 * which they are not: neighbours tell a small difference also where the machine has other
 * work.
 */
public final class WatchedSeconds implements AutoCloseable {

	private static final int THREADS = 16;

	private final KeepAliveServer server = new KeepAliveServer(1024);

	private final URI uri = URI.create(this.server.url());

	private final WatchedApplication application = new WatchedApplication();

	private final LongAdder calls = new LongAdder();

	private volatile boolean stopping;

	private WatchedSeconds() throws IOException {
	}

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @throws Exception if something cannot be run
	 */
	public static void run(Effort effort) throws Exception {
		try (WatchedSeconds seconds = new WatchedSeconds()) {
			seconds.run(effort.either(10, 0), effort.rounds(3) * effort.either(20, 1));
		}
	}

	private void run(int warmUp, int pairs) throws InterruptedException {
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
		Arrays.sort(ratios);
		Arrays.sort(alone);
		System.out.printf("%nseconds: median of %.0f calls/s alone, ratio when watched %.4f (quartiles %.4f to %.4f)%n",
				alone[alone.length / 2], ratios[ratios.length / 2], ratios[ratios.length / 4],
				ratios[3 * ratios.length / 4]);
	}

	/**
	 * Let a second pass, and return how many calls were made in it.
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
		this.server.close();
	}

}
