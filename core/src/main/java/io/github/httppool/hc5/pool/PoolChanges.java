package io.github.httppool.hc5.pool;

import java.util.Collection;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.observe.SettingsChange;

/**
 * Changes limits and other settings of a pool that is used.
 */
final class PoolChanges {

	private final ConnectionPool pool;

	private final Collection<PooledConnection> connections;

	PoolChanges(ConnectionPool pool, Collection<PooledConnection> connections) {
		this.pool = pool;
		this.connections = connections;
	}

	synchronized void resize(int maxTotal, int maxPerRoute) {
		if (this.pool.isClosed()) {
			return;
		}
		if (this.pool.limits().set(maxTotal, maxPerRoute)) {
			this.pool.closeIdle(CloseReason.EVICTED);
		}
		this.pool.events().resized(maxTotal, maxPerRoute);
		this.pool.findings().forget();
	}

	/**
	 * Follow other settings as far as a pool in use can.
	 * @return the names of those that cannot follow
	 */
	synchronized List<String> change(HttpPoolSettings wanted) {
		HttpPoolSettings before = this.pool.settings();
		SettingsChange change = new SettingsChange(this.pool.made().settings, before, wanted);
		if (this.pool.isClosed() || change.isEmpty()) {
			return change.fixed();
		}
		HttpPoolSettings after = change.after();
		this.pool.activate(new ActiveSettings(after));
		if (this.pool.limits().follow(after) && this.pool.limits().areExceeded()) {
			this.pool.closeIdle(CloseReason.EVICTED);
		}
		this.pool.events().changed(change);
		this.pool.findings().forget();
		if (after.maxTotal() != before.maxTotal() || after.maxPerRoute() != before.maxPerRoute()) {
			resize((after.maxTotal() != before.maxTotal()) ? after.maxTotal() : this.pool.limits().maxTotal(),
					(after.maxPerRoute() != before.maxPerRoute()) ? after.maxPerRoute()
							: this.pool.limits().maxPerRoute());
		}
		letConnectionsFollow();
		return change.fixed();
	}

	private void letConnectionsFollow() {
		long now = System.nanoTime();
		for (PooledConnection connection : this.connections) {
			connection.follow(this.pool.inForce());
			if (!this.pool.settings().keepAlive()) {
				connection.closeIfIdle(CloseReason.EVICTED);
			}
			else if (connection.isIdle() && connection.leasedRoute().tally.idle() > this.pool.limits()
				.maxIdlePerRoute(connection.leasedRoute())) {
				connection.closeIfIdle(CloseReason.MAX_IDLE);
			}
		}
		// What is too old now, or idle for too long, is closed at once.
		this.pool.housekeeper().wakeAt(now);
	}

}
