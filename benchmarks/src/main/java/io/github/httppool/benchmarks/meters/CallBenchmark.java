package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.net.URI;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call through a {@code RestClient} over a connection that is reused, with and
 * without meters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallBenchmark {

	@Param
	public Meters meters;

	private KeepAliveServer server;

	private PooledClient client;

	private URI uri;

	@Setup
	public void start() throws IOException {
		this.server = new KeepAliveServer(1024);
		this.client = new PooledClient(this.meters.listeners());
		this.uri = URI.create(this.server.url());
	}

	@Benchmark
	public byte[] call() {
		return this.client.restClient().get().uri(this.uri).retrieve().body(byte[].class);
	}

	@TearDown
	public void stop() {
		this.client.close();
		this.server.close();
	}

}
