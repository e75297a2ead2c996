package io.github.httppool.hc5;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.httppool.hc5.observe.ShutdownExplanation;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts pools down together. All work for which the application waits has ended by then.
 * A running call gets a short grace period. An open response that no thread reads gets a
 * shorter one.
 */
final class PoolShutdown {

	/**
	 * Not a class name, because users refer to it in their logging configuration.
	 */
	static final String LOGGER = "io.github.httppool.pool";

	/** Maximum time for running calls. */
	static final Duration GRACE = Duration.ofSeconds(2);

	/** Maximum time for open responses while no thread reads any of them. */
	static final Duration UNREAD_GRACE = Duration.ofMillis(500);

	private static final long CHECK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(5);

	private static final Logger log = LoggerFactory.getLogger(LOGGER);

	private PoolShutdown() {
	}

	static void of(List<ConnectionPool> pools) {
		pools.forEach(ConnectionPool::refuseCalls);
		Duration waited = awaitCalls(pools);
		for (ConnectionPool pool : pools) {
			List<Lease> leased = pool.leases().all();
			if (!leased.isEmpty()) {
				log.warn(ShutdownExplanation.stillLeased(pool, leased, waited));
			}
			pool.shutDown();
		}
	}

	/**
	 * Waits until the leases have ended.
	 * @return the time spent waiting
	 */
	private static Duration awaitCalls(List<ConnectionPool> pools) {
		long started = System.nanoTime();
		long lastAttended = started;
		long now = started;
		List<Lease> leased = leasesOf(pools);
		while (!leased.isEmpty() && now - started < GRACE.toNanos() && now - lastAttended < UNREAD_GRACE.toNanos()
				&& !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(CHECK_INTERVAL);
			leased = leasesOf(pools);
			now = System.nanoTime();
			if (!leased.stream().allMatch((lease) -> lease.exchange.isUnattended())) {
				lastAttended = now;
			}
		}
		return Duration.ofNanos(now - started);
	}

	private static List<Lease> leasesOf(List<ConnectionPool> pools) {
		return pools.stream().flatMap((pool) -> pool.leases().all().stream()).toList();
	}

}
