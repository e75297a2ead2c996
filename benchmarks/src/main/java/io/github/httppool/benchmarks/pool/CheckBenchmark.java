package io.github.httppool.benchmarks.pool;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;
import io.github.httppool.hc5.CheckedSocket;
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
 * The check of an idle connection before it is leased: as it is at each lease, and as it
 * is after inactivity.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CheckBenchmark {

	@Param({ "false", "true" })
	public boolean thorough;

	private Upstream upstream;

	private CheckedSocket socket;

	@Setup
	public void open() throws IOException {
		this.upstream = new Upstream();
		this.socket = new CheckedSocket(this.upstream.uri(Answer.EMPTY));
	}

	@Benchmark
	public boolean check() {
		return this.socket.isSound(this.thorough);
	}

	@TearDown
	public void close() throws IOException {
		this.socket.close();
		this.upstream.close();
	}

}
