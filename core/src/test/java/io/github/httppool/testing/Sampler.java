package io.github.httppool.testing;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the snapshot of a pool in a loop, and remembers the first moment at which a limit
 * was exceeded. {@link #close()} asserts that there was none.
 */
public final class Sampler implements AutoCloseable {

	private final HttpPool pool;

	private final AtomicReference<String> violation = new AtomicReference<>();

	private final AtomicLong samples = new AtomicLong();

	private final Thread thread = new Thread(this::run, "sampler");

	private volatile boolean ended;

	public Sampler(HttpPool pool) {
		this.pool = pool;
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		while (!this.ended) {
			PoolSnapshot snapshot = this.pool.snapshot();
			if (!holds(snapshot)) {
				this.violation.compareAndSet(null, snapshot.toString());
			}
			this.samples.incrementAndGet();
			Thread.yield();
		}
	}

	private static boolean holds(PoolSnapshot snapshot) {
		PoolSnapshot.Connections now = snapshot.connections();
		PoolSnapshot.Limits limits = snapshot.limits();
		boolean holds = now.leased() >= 0 && now.idle() >= 0 && now.pending() >= 0
				&& now.leased() + now.idle() <= limits.maxTotal();
		holds &= limits.maxPending() < 0 || now.pending() <= limits.maxPending();
		for (PoolSnapshot.Route route : snapshot.routes()) {
			holds &= route.connections().leased() >= 0 && route.connections().idle() >= 0
					&& route.connections().leased() + route.connections().idle() <= route.max()
					&& route.connections().idle() <= limits.maxIdlePerRoute();
		}
		return holds;
	}

	@Override
	public void close() throws InterruptedException {
		this.ended = true;
		this.thread.join(5000);
		assertThat(this.samples).as("samples").hasPositiveValue();
		assertThat(this.violation).as("a moment at which a limit did not hold").hasNullValue();
	}

}
