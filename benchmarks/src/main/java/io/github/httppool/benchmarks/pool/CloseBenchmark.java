package io.github.httppool.benchmarks.pool;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.compare.Turns;
import io.github.httppool.benchmarks.upstream.Answer;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Calls whose body is read, or closed unread, as far as it has an end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CloseBenchmark {

	@Param({ "EMPTY", "KB2", "KB64", "FOREVER", "DRIP" })
	public Answer answer;

	@Param
	public Body body;

	private Upstream upstream;

	private URI uri;

	private ComparedClient client;

	@Setup
	public void open() throws IOException {
		if (this.body == Body.READ && this.answer.isEndless()) {
			throw new IllegalArgumentException("Nobody can read " + this.answer);
		}
		this.upstream = new Upstream();
		this.uri = this.upstream.uri(this.answer);
		this.client = ClientKind.HTTP_POOL.open(Turns.MAX_CONNECTIONS);
	}

	@Benchmark
	public Object call() throws IOException {
		return switch (this.body) {
			case READ -> this.client.bytes(this.uri);
			case UNREAD -> this.client.ignore(this.uri);
		};
	}

	@TearDown
	public void close() {
		this.client.close();
		this.upstream.close();
	}

	/**
	 * What becomes of the body.
	 */
	public enum Body {

		/** It is read. */
		READ,

		/** It is not. */
		UNREAD

	}

}
