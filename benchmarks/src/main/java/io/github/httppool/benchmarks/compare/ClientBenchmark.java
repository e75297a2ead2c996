package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.upstream.Upstream;
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
 * Calls of one client in a process of its own: how long they take at full load, and what
 * they allocate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(8)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ClientBenchmark {

	@Param
	public ClientKind client;

	@Param({ "EIGHT" })
	public Scenario scenario;

	private Upstream upstream;

	private URI uri;

	private ComparedClient opened;

	@Setup
	public void open() throws IOException {
		this.upstream = new Upstream();
		this.uri = this.upstream.uri(this.scenario.answer());
		this.opened = this.client.open(Turns.MAX_CONNECTIONS);
	}

	@Benchmark
	public void call() throws IOException {
		this.scenario.work().call(this.opened, this.uri);
	}

	@TearDown
	public void close() {
		this.opened.close();
		this.upstream.close();
	}

}
