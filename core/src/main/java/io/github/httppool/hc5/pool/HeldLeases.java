package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.httppool.HeldLease;
import io.github.httppool.findings.LeaseFigures;

/**
 * Finds the leases that have been held for the longest time.
 */
final class HeldLeases {

	static final int MOST = 20;

	private HeldLeases() {
	}

	static List<Lease> longest(Collection<PooledConnection> connections) {
		List<Lease> leases = all(connections);
		return leases.subList(0, Math.min(MOST, leases.size()));
	}

	/**
	 * Return all leases, the longest held first.
	 */
	static List<Lease> all(Collection<PooledConnection> connections) {
		List<Lease> leases = new ArrayList<>();
		for (PooledConnection connection : connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && !lease.hasEnded()) {
				leases.add(lease);
			}
		}
		leases.sort((one, other) -> Long.signum(one.leasedAt() - other.leasedAt()));
		return leases;
	}

	static HeldLease held(Lease lease) {
		return new HeldLease(lease.route(), lease.heldFor(), lease.thread(), lease.call());
	}

	static LeaseFigures figures(Lease lease) {
		PooledConnection connection = lease.held();
		return new LeaseFigures(held(lease), connection.id(), lease.exchange.isUnattended(),
				connection.bytesReceived());
	}

}
