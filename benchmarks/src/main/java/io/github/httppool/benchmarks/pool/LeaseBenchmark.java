package io.github.httppool.benchmarks.pool;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.benchmarks.upstream.Upstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Lease and release of open connections, without any exchange over them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class LeaseBenchmark {

	private static final Timeout PATIENCE = Timeout.ofSeconds(5);

	@Param
	public MeasuredPool pool;

	@Param({ "1", "100" })
	public int routes;

	private Upstream upstream;

	private List<HttpRoute> all;

	private HttpClientConnectionManager connections;

	@Setup
	public void open() throws IOException {
		this.upstream = new Upstream(this.routes);
		this.all = this.upstream.furtherUris()
			.stream()
			.map((uri) -> new HttpRoute(new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort())))
			.toList();
		this.connections = this.pool.open();
	}

	@Benchmark
	public ConnectionEndpoint lease(Next next) throws Exception {
		HttpRoute route = this.all.get(next.index++ % this.routes);
		ConnectionEndpoint endpoint = this.connections.lease("lease", route, PATIENCE, null).get(PATIENCE);
		if (!endpoint.isConnected()) {
			this.connections.connect(endpoint, PATIENCE, HttpClientContext.create());
			next.opened++;
		}
		this.connections.release(endpoint, null, TimeValue.ofMinutes(1));
		return endpoint;
	}

	@TearDown
	public void close() throws IOException {
		this.pool.close(this.connections);
		this.upstream.close();
	}

	/**
	 * Where a thread goes on. Threads begin at different routes.
	 */
	@State(Scope.Thread)
	public static class Next {

		int index;

		int opened;

		@Setup
		public void begin(ThreadParams thread) {
			this.index = thread.getThreadIndex();
		}

		@TearDown
		public void check() {
			if (this.opened > Math.max(100, this.index / 10)) {
				throw new IllegalStateException(
						"Connections are not kept: " + this.opened + " opened in " + this.index + " leases");
			}
		}

	}

}
