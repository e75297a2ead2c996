package io.github.httppool.hc5.pool;

import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.observe.CurrentFindings;
import io.github.httppool.hc5.observe.SettingsChange;

/**
 * The settings of a pool, which can be changed while it is in use.
 */
final class PoolChanges {

	private final PoolContext pool;

	private final PooledConnections connections;

	private final PoolLimits limits;

	private final CurrentFindings findings;

	/** The settings with which the pool and its clients were created. */
	private final ActiveSettings made;

	private volatile ActiveSettings inForce;

	PoolChanges(PoolContext pool, ActiveSettings made, PooledConnections connections, PoolLimits limits,
			CurrentFindings findings) {
		this.pool = pool;
		this.made = made;
		this.inForce = made;
		this.connections = connections;
		this.limits = limits;
		this.findings = findings;
	}

	ActiveSettings inForce() {
		return this.inForce;
	}

	synchronized void resize(int maxTotal, int maxPerRoute) {
		if (this.pool.isClosed()) {
			return;
		}
		if (this.limits.set(maxTotal, maxPerRoute)) {
			this.connections.closeIdle(0, CloseReason.EVICTED);
		}
		this.pool.events().resized(maxTotal, maxPerRoute);
		this.findings.forget();
	}

	/**
	 * Apply changed settings, as far as possible without a new pool.
	 * @return the names of the changed settings that require a new pool
	 */
	synchronized List<String> change(HttpPoolSettings wanted) {
		HttpPoolSettings before = this.pool.settings();
		SettingsChange change = new SettingsChange(this.made.settings, before, wanted);
		if (this.pool.isClosed() || change.isEmpty()) {
			return change.fixed();
		}
		HttpPoolSettings after = change.after();
		this.inForce = new ActiveSettings(after);
		if (this.limits.apply(after) && this.limits.areExceeded()) {
			this.connections.closeIdle(0, CloseReason.EVICTED);
		}
		this.pool.events().changed(change);
		this.findings.forget();
		if (after.maxTotal() != before.maxTotal() || after.maxPerRoute() != before.maxPerRoute()) {
			resize((after.maxTotal() != before.maxTotal()) ? after.maxTotal() : this.limits.maxTotal(),
					(after.maxPerRoute() != before.maxPerRoute()) ? after.maxPerRoute() : this.limits.maxPerRoute());
		}
		applyToConnections();
		return change.fixed();
	}

	private void applyToConnections() {
		long now = System.nanoTime();
		for (PooledConnection connection : this.connections.all()) {
			connection.lifetime.apply(this.inForce);
			if (!this.pool.settings().keepAlive()) {
				connection.closeIfIdle(CloseReason.EVICTED);
			}
			else if (connection.isIdle()
					&& connection.leasedRoute().tally.idle() > this.limits.maxIdlePerRoute(connection.leasedRoute())) {
				connection.closeIfIdle(CloseReason.MAX_IDLE);
			}
		}
		// Close connections that have expired under the new settings immediately.
		this.pool.housekeeper().wakeAt(now);
	}

}
