package io.github.httppool.hc5;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.httppool.HeldLease;

/**
 * Finds the leases that have been held for the longest time.
 */
final class HeldLeases {

	static final int MOST = 20;

	private HeldLeases() {
	}

	static List<HeldLease> longest(Collection<PooledConnection> connections) {
		List<Lease> leases = new ArrayList<>();
		for (PooledConnection connection : connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && !lease.hasEnded()) {
				leases.add(lease);
			}
		}
		leases.sort((one, other) -> Long.signum(one.leasedAt() - other.leasedAt()));
		return leases.stream()
			.limit(MOST)
			.map((lease) -> new HeldLease(lease.route(), lease.heldFor(), lease.thread(), lease.call()))
			.toList();
	}

}
