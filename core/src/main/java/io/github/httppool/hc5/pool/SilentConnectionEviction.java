package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.Collection;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.observe.SilentConnections;
import org.jspecify.annotations.Nullable;

/**
 * Closes idle connections after a similar one stayed silent. A firewall or a load
 * balancer may silently drop idle connections, and each of them would cost a caller a
 * full response timeout.
 */
final class SilentConnectionEviction {

	private SilentConnectionEviction() {
	}

	/**
	 * Close the idle connections of a route that have been idle at least as long as one
	 * that sent no byte to a caller. Closes none if another connection has since answered
	 * after the same idle time.
	 * @param connections the connections of the pool
	 * @param silent the lease of the connection that stayed silent
	 * @param now the time
	 * @return the closed connections, or {@code null} if similar connections have
	 * answered
	 */
	static @Nullable SilentConnections close(ConnectionPool pool, Collection<PooledConnection> connections,
			Lease silent, long now) {
		long idle = silent.leasedAt() - silent.held().idleSince();
		for (PooledConnection connection : connections) {
			if (connection.hasAnswered(silent.route, idle, silent.leasedAt())) {
				return null;
			}
		}
		int closed = 0;
		for (PooledConnection connection : connections) {
			if (connection.isIdleOn(silent.route) && now - connection.idleSince() >= idle
					&& connection.closeIfIdle(CloseReason.EVICTED)) {
				closed++;
			}
		}
		SilentConnections suspects = new SilentConnections(Duration.ofNanos(idle), closed);
		if (closed > 0) {
			pool.events().stayedSilent(silent, suspects);
		}
		return suspects;
	}

}
