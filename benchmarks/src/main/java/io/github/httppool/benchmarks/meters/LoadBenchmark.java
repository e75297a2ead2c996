package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many calls a Spring Boot application with the starter makes under full load, left
 * alone and while its endpoint is read and its meters are scraped every second, over
 * HTTP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(16)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 4)
@Fork(1)
public class LoadBenchmark {

	@Param
	public Reading reading;

	private KeepAliveServer server;

	private WatchedApplication application;

	private URI uri;

	private Thread reader;

	@Setup
	public void start() throws IOException {
		this.server = new KeepAliveServer(1024);
		this.uri = URI.create(this.server.url());
		this.application = new WatchedApplication();
		this.reader = new Thread(this::read);
		this.reader.setDaemon(true);
		if (this.reading == Reading.EACH_SECOND) {
			this.reader.start();
		}
	}

	private void read() {
		try {
			while (true) {
				this.application.read();
				Thread.sleep(1000);
			}
		}
		catch (InterruptedException | CancellationException ex) {
			// The end.
		}
	}

	@Benchmark
	public byte[] call() {
		return this.application.client().get().uri(this.uri).retrieve().body(byte[].class);
	}

	@TearDown
	public void stop() throws InterruptedException {
		this.reader.interrupt();
		this.reader.join();
		this.application.close();
		this.server.close();
	}

	/**
	 * How often the application is looked at.
	 */
	public enum Reading {

		/** Not at all. */
		NEVER,

		/** Endpoint and scrape, each once a second. */
		EACH_SECOND

	}

}
