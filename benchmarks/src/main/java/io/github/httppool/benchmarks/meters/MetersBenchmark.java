package io.github.httppool.benchmarks.meters;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.benchmarks.clients.BootClient;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.ComparedClient;
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
 * The work of the meters alone for a call that reuses a connection and drains its body.
 * There is no network, so that the figure also holds on a machine that has other work.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MetersBenchmark {

	@Param
	public Meters meters;

	private final LeaseInfo lease = new Lease();

	private List<HttpPoolListener> listeners;

	private ComparedClient client;

	@Setup
	public void start() {
		this.listeners = this.meters.listeners();
		this.client = BootClient.pooled(new ClientSpec(ClientKind.HTTP_POOL), this.listeners);
	}

	@Benchmark
	public LeaseInfo events() {
		for (HttpPoolListener listener : this.listeners) {
			listener.acquireStarted(this.lease);
			listener.acquireEnded(this.lease, AcquireOutcome.REUSED, 1_000, 2_000);
			listener.drained(this.lease, DrainOutcome.REUSED, 1_000, 2_000);
			listener.released(this.lease, null);
		}
		return this.lease;
	}

	@TearDown
	public void stop() {
		this.client.close();
	}

	private static final class Lease implements LeaseInfo {

		@Override
		public String pool() {
			return "default";
		}

		@Override
		public String route() {
			return "http://127.0.0.1:8080";
		}

		@Override
		public long callId() {
			return 0;
		}

		@Override
		public PooledConnectionInfo connection() {
			return null;
		}

		@Override
		public String call() {
			return null;
		}

		@Override
		public String thread() {
			return "main";
		}

		@Override
		public Duration heldFor() {
			return Duration.ofNanos(System.nanoTime() & 0xffff);
		}

	}

}
