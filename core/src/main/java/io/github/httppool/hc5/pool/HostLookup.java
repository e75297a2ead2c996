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
 * Looks up hosts for a lease, within the time limits of the call, and explains failures.
 *
 * @param events the events of the lease's connection
 */
record HostLookup(ConnectEvents events) {

	List<InetSocketAddress> resolve(AddressLookup lookup, String host, int port, @Nullable Timeout timeout)
			throws IOException {
		this.events.dnsStarted(host);
		long started = System.nanoTime();
		Exception failure = null;
		CallDeadline deadline = this.events.lease().deadline();
		try {
			this.events.enter(CallPhase.RESOLVING);
			List<InetSocketAddress> addresses = lookup.addresses(HostName.forLookup(host), port,
					withinDeadline(deadline, timeout));
			if (addresses.isEmpty()) {
				throw new UnknownHostException(host + " has no address");
			}
			return addresses;
		}
		catch (TimeoutException ex) {
			failure = ex;
			if (deadline != null) {
				deadline.checkTime();
			}
			throw ConnectExplanation.slowLookup(this.events.pool(), this.events.lease().route, host,
					Objects.requireNonNull(timeout, "Only a limit ends a lookup").toDuration(), ex);
		}
		catch (UnknownHostException ex) {
			failure = ex;
			throw ConnectExplanation.unknownHost(this.events.pool(), this.events.lease().route, host,
					System.nanoTime() - started, ex);
		}
		catch (Throwable ex) {
			failure = Exceptions.exception(ex);
			throw ex;
		}
		finally {
			this.events.dnsEnded(host, started, failure);
		}
	}

	/**
	 * Limit the wait to the deadline of the call, because a lookup cannot be cancelled.
	 */
	private static @Nullable Timeout withinDeadline(@Nullable CallDeadline deadline, @Nullable Timeout timeout) {
		if (deadline == null) {
			return timeout;
		}
		long left = deadline.left();
		return (TimeValue.isPositive(timeout) && timeout.toNanoseconds() <= left) ? timeout
				: Timeout.of(left, TimeUnit.NANOSECONDS);
	}

}
