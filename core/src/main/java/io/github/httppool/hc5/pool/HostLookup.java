package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.httppool.CallPhase;
import io.github.httppool.hc5.net.AddressLookup;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.HostName;
import io.github.httppool.hc5.observe.ConnectExplanation;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Looks up hosts for leases, within the time limits of the call, and explains failures.
 *
 * @param pool the pool
 * @param events notified of each lookup
 */
record HostLookup(ConnectionPool pool, ConnectEvents events) {

	List<InetSocketAddress> resolve(Lease lease, AddressLookup lookup, String host, int port, @Nullable Timeout timeout)
			throws IOException {
		this.events.dnsStarted(lease, host);
		long started = System.nanoTime();
		Exception failure = null;
		try {
			ConnectEvents.entered(lease, CallPhase.RESOLVING);
			List<InetSocketAddress> addresses = lookup.addresses(HostName.forLookup(host), port,
					withinDeadline(lease, timeout));
			if (addresses.isEmpty()) {
				throw new UnknownHostException(host + " has no address");
			}
			return addresses;
		}
		catch (TimeoutException ex) {
			failure = ex;
			if (lease.deadline() != null) {
				lease.deadline().checkTime();
			}
			throw ConnectExplanation.slowLookup(this.pool, lease.route, host,
					Objects.requireNonNull(timeout, "Only a limit ends a lookup").toDuration(), ex);
		}
		catch (UnknownHostException ex) {
			failure = ex;
			throw ConnectExplanation.unknownHost(this.pool, lease.route, host, System.nanoTime() - started, ex);
		}
		catch (Throwable ex) {
			failure = Exceptions.exception(ex);
			throw ex;
		}
		finally {
			this.events.dnsEnded(lease, host, started, failure);
		}
	}

	/**
	 * Limit the wait to the deadline of the call, because a lookup cannot be cancelled.
	 */
	private static @Nullable Timeout withinDeadline(Lease lease, @Nullable Timeout timeout) {
		CallDeadline deadline = lease.deadline();
		if (deadline == null) {
			return timeout;
		}
		long left = deadline.left();
		return (TimeValue.isPositive(timeout) && timeout.toNanoseconds() <= left) ? timeout
				: Timeout.of(left, TimeUnit.NANOSECONDS);
	}

}
