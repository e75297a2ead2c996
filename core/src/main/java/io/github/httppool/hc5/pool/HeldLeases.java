package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.HeldLease;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.hc5.observe.ConnectionCounts;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leases that are currently held.
 */
public final class HeldLeases {

	static final int MAX_REPORTED = 20;

	private final PooledConnections connections;

	private final ConnectionCounts tally;

	/**
	 * Create a view of the leases.
	 * @param connections the connections of the pool
	 * @param tally counts the leases
	 */
	HeldLeases(PooledConnections connections, ConnectionCounts tally) {
		this.connections = connections;
		this.tally = tally;
	}

	/**
	 * Return all leases, the longest held first.
	 */
	public List<Lease> all() {
		List<Lease> leases = new ArrayList<>();
		for (PooledConnection connection : this.connections.all()) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && !lease.hasEnded()) {
				leases.add(lease);
			}
		}
		leases.sort((one, other) -> Long.signum(one.leasedAt() - other.leasedAt()));
		return leases;
	}

	/**
	 * Return the lease that has been held for longest, or {@code null}.
	 */
	public @Nullable Lease longest() {
		Lease longest = null;
		for (PooledConnection connection : this.connections.all()) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && (longest == null || lease.leasedAt() - longest.leasedAt() < 0)) {
				longest = lease;
			}
		}
		return longest;
	}

	/**
	 * Return the leases that have been held for longest, at most {@link #MAX_REPORTED}.
	 */
	public List<HeldLease> held() {
		return longestHeld().map(HeldLeases::held).toList();
	}

	/**
	 * Return the figures of the leases that have been held for longest.
	 */
	public List<LeaseFigures> figures() {
		return longestHeld().map(HeldLeases::figures).toList();
	}

	private Stream<Lease> longestHeld() {
		// If no connection is leased, do not search thousands of idle ones.
		return (this.tally.leased() != 0) ? all().stream().limit(MAX_REPORTED) : Stream.empty();
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
