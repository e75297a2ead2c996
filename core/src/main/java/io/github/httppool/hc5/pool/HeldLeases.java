package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import io.github.httppool.HeldLease;
import io.github.httppool.findings.LeaseFigures;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leases that are held now.
 */
public final class HeldLeases {

	static final int MOST = 20;

	private final Collection<PooledConnection> connections;

	private final IntSupplier count;

	/**
	 * Create a view of the leases.
	 * @param connections the connections of the pool
	 * @param count the number of leases
	 */
	HeldLeases(Collection<PooledConnection> connections, IntSupplier count) {
		this.connections = connections;
		this.count = count;
	}

	/**
	 * Return all leases, the longest held first.
	 */
	public List<Lease> all() {
		List<Lease> leases = new ArrayList<>();
		for (PooledConnection connection : this.connections) {
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
		for (PooledConnection connection : this.connections) {
			Lease lease = connection.leaseOrNull();
			if (lease != null && (longest == null || lease.leasedAt() - longest.leasedAt() < 0)) {
				longest = lease;
			}
		}
		return longest;
	}

	/**
	 * Return those that have been held for longest, at most {@link #MOST}.
	 */
	public List<HeldLease> held() {
		return mostHeld().map(HeldLeases::held).toList();
	}

	/**
	 * Return the figures of those that have been held for longest.
	 */
	public List<LeaseFigures> figures() {
		return mostHeld().map(HeldLeases::figures).toList();
	}

	private Stream<Lease> mostHeld() {
		// Otherwise a look at each of thousands of idle connections would find none.
		return (this.count.getAsInt() != 0) ? all().stream().limit(MOST) : Stream.empty();
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
