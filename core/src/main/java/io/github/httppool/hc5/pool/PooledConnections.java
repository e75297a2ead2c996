package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.observe.SilentConnections;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a pool, from their creation until their close is reported.
 */
final class PooledConnections {

	private static final AtomicLong NUMBER = new AtomicLong();

	private final Set<PooledConnection> all = ConcurrentHashMap.newKeySet();

	private final PoolContext pool;

	/** Records which connections are idle and leased. */
	final ConnectionBook<PooledConnection> book;

	PooledConnections(PoolContext pool, ConnectionBook<PooledConnection> book) {
		this.pool = pool;
		this.book = book;
	}

	/**
	 * Create a connection that will be opened later.
	 */
	PooledConnection create() {
		PooledConnection connection = new PooledConnection(
				"http-pool-" + this.pool.name() + "-" + NUMBER.incrementAndGet(), this.pool, this);
		this.all.add(connection);
		if (this.pool.isClosed()) {
			// The shutdown may not have seen the connection.
			connection.close(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
		return connection;
	}

	void remove(PooledConnection connection) {
		this.all.remove(connection);
	}

	/**
	 * Return a view of the connections, which may change during an iteration.
	 */
	Collection<PooledConnection> all() {
		return Collections.unmodifiableCollection(this.all);
	}

	/**
	 * Close the connections that have been idle for at least the given time.
	 * @param idleNanos the minimum time, or 0 for all idle connections
	 * @return the number of closed connections
	 */
	int closeIdle(long idleNanos, CloseReason reason) {
		long now = System.nanoTime();
		int closed = 0;
		for (PooledConnection connection : this.all) {
			if ((idleNanos <= 0 || now - connection.idleSince() >= idleNanos) && connection.closeIfIdle(reason)) {
				closed++;
			}
		}
		return closed;
	}

	/**
	 * Close the idle connections of a route that have been idle at least as long as one
	 * over which the server has sent no byte. A firewall or a load balancer may drop idle
	 * connections silently, and each of them would cost a caller a full response timeout.
	 * Closes none if another connection was used successfully in the meantime after the
	 * same idle time.
	 * @param silent the lease of the silent connection
	 * @param now the time
	 * @return the closed connections, or {@code null} if a similar connection was used
	 * successfully
	 */
	@Nullable SilentConnections closeSilent(Lease silent, long now) {
		long idle = silent.leasedAt() - silent.held().idleSince();
		for (PooledConnection connection : this.all) {
			if (connection.survivedIdle(silent.route, idle, silent.leasedAt())) {
				return null;
			}
		}
		int closed = 0;
		for (PooledConnection connection : this.all) {
			if (connection.isIdleOn(silent.route) && now - connection.idleSince() >= idle
					&& connection.closeIfIdle(CloseReason.EVICTED)) {
				closed++;
			}
		}
		SilentConnections suspects = new SilentConnections(Duration.ofNanos(idle), closed);
		if (closed > 0) {
			this.pool.events().stayedSilent(silent, suspects);
		}
		return suspects;
	}

	/**
	 * Close all connections because of a shutdown.
	 */
	void shutDown() {
		for (PooledConnection connection : this.all) {
			connection.close(CloseReason.SHUTDOWN, CloseMode.IMMEDIATE);
		}
	}

}
