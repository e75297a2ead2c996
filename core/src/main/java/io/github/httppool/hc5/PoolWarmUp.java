package io.github.httppool.hc5;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.WarmUp;
import io.github.httppool.hc5.exec.CallExec;
import io.github.httppool.hc5.pool.ConnectionPool;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * Opens the connections of {@link HttpPoolSettings#warmUp()} at the same time, including
 * TLS and the tunnels of proxies. It sends no request to the servers. An instance is used
 * once, by one thread: {@link #attach}, {@link #begin}, {@link #await}.
 *
 * @since 0.1.0
 */
public final class PoolWarmUp {

	/**
	 * Maximum number of connections per route that are opened concurrently.
	 */
	private static final int MAX_CONCURRENT = 16;

	/**
	 * Additional time to wait for steps that cannot be cancelled.
	 */
	private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

	private final ConnectionPool pool;

	private final List<RouteWarmUp> routes = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final long nanos;

	private long deadline;

	/**
	 * Creates a warm-up. It does not open connections yet.
	 * @param pool the pool of the connections
	 */
	public PoolWarmUp(HttpClientPool pool) {
		this.pool = pool.connections();
		HttpPoolSettings settings = this.pool.settings();
		this.nanos = settings.connectTimeout().plus(settings.tlsHandshakeTimeout()).toNanos();
		int left = this.pool.limits().maxTotal();
		// Without keep-alive, opened connections could not be used.
		for (WarmUp warmUp : settings.keepAlive() ? settings.warmUp() : List.<WarmUp>of()) {
			RouteWarmUp route = new RouteWarmUp(this.pool, warmUp, left);
			left -= route.allowed();
			this.routes.add(route);
		}
	}

	/**
	 * Prepares a client that opens connections instead of sending requests. It uses the
	 * same routes and proxies as other clients of the pool, and calls no interceptors of
	 * the application.
	 * @param client the builder of a client, which already
	 * {@linkplain HttpClientPool#attach uses the pool}
	 */
	public void attach(HttpClientBuilder client) {
		client.addExecInterceptorAfter(CallExec.NAME, "http-pool-warm-up", new WarmUpExec(this.pool));
	}

	/**
	 * Begins to open connections, in separate threads that end afterwards.
	 * @param client a client that was {@linkplain #attach prepared}
	 */
	public void begin(HttpClient client) {
		this.deadline = System.nanoTime() + this.nanos;
		for (RouteWarmUp route : this.routes) {
			for (int i = Math.min(MAX_CONCURRENT, route.allowed()); i > 0; i--) {
				String name = "http-pool-" + this.pool.name() + "-warm-up-" + (this.threads.size() + 1);
				Thread thread = new Thread(null, () -> route.open(client, this.deadline), name, 0, false);
				thread.setDaemon(true);
				this.threads.add(thread);
				start(thread, route);
			}
		}
	}

	private static void start(Thread thread, RouteWarmUp route) {
		try {
			thread.start();
		}
		catch (Throwable ex) {
			// Memory may be exhausted, so that no thread can be started.
			route.failed(ex);
		}
	}

	/**
	 * Waits until all connections are open, at most for the connect timeout plus the TLS
	 * handshake timeout, and gives them to the pool. The pool logs a warning if there are
	 * fewer connections than requested. An interrupt ends the wait; the thread stays
	 * interrupted.
	 */
	public void await() {
		boolean interrupted = false;
		for (Thread thread : this.threads) {
			long left = this.deadline + GRACE - System.nanoTime();
			try {
				TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, interrupted ? 0 : left));
			}
			catch (InterruptedException ex) {
				// Abandon the remaining connections and keep the open ones.
				interrupted = true;
			}
		}
		for (RouteWarmUp route : this.routes) {
			if (interrupted) {
				route.failed(new InterruptedException("the wait for them was interrupted"));
			}
			route.end();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
