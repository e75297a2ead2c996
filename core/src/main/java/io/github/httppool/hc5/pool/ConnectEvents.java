package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLSession;

import io.github.httppool.CallPhase;
import io.github.httppool.CloseReason;
import io.github.httppool.TlsInfo;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.net.SocketFailure;
import io.github.httppool.hc5.net.TlsResumption;
import org.jspecify.annotations.Nullable;

/**
 * Counts the steps of opening a connection, and tells the listeners of each.
 *
 * @param pool the pool
 */
record ConnectEvents(ConnectionPool pool) {

	static void entered(Lease lease, CallPhase phase) {
		CallDeadline deadline = lease.deadline();
		if (deadline != null) {
			deadline.enter(phase);
		}
	}

	void dnsStarted(Lease lease, String host) {
		if (this.pool.listeners().present()) {
			this.pool.listeners().dnsStarted(lease, host);
		}
	}

	void dnsEnded(Lease lease, String host, long started, @Nullable Exception failure) {
		long took = System.nanoTime() - started;
		lease.held().connectTimes.dns = took;
		// What a resolver throws beside an IOException is its own, as that of a filter.
		lease.route.traffic.dns.add(took, !(failure instanceof RuntimeException) && isFailure(lease, failure));
		if (this.pool.listeners().present()) {
			this.pool.listeners().dnsEnded(lease, host, took, failure);
		}
	}

	void connectStarted(Lease lease, ConnectAttempt attempt) {
		InetSocketAddress address = attempt.address;
		if (address != null) {
			attempt.connecting = address;
			attempt.connectStarted = System.nanoTime();
			if (this.pool.listeners().present()) {
				this.pool.listeners().connectStarted(lease, address);
			}
		}
	}

	void connectEnded(Lease lease, ConnectAttempt attempt, @Nullable Exception failure) {
		connectEnded(lease, attempt, failure, true);
	}

	/**
	 * The TCP connect to an address is over.
	 * @param counts whether that says anything about the address
	 */
	void connectEnded(Lease lease, ConnectAttempt attempt, @Nullable Exception failure, boolean counts) {
		InetSocketAddress address = attempt.connecting;
		if (address == null) {
			return;
		}
		attempt.connecting = null;
		long took = System.nanoTime() - attempt.connectStarted;
		if (failure == null) {
			lease.held().connectTimes.tcp = took;
		}
		if (counts) {
			lease.route.traffic.tcp.add(took, isFailure(lease, failure));
		}
		if (this.pool.listeners().present()) {
			this.pool.listeners().connectEnded(lease, address, took, failure);
		}
	}

	void tlsStarted(Lease lease) {
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsStarted(lease);
		}
	}

	/**
	 * End the handshake.
	 * @return whether it was overdue
	 */
	boolean tlsEnded(Lease lease, ConnectAttempt attempt, ScheduledTimeout handshake, @Nullable SSLSession session,
			@Nullable Exception failure) {
		attempt.handshake = null;
		boolean overdue = !this.pool.housekeeper().unwatch(handshake);
		long took = System.nanoTime() - attempt.tlsStarted;
		lease.held().connectTimes.tls = took;
		lease.route.traffic.tls.add(took, overdue || isFailure(lease, failure));
		TlsInfo tls = (session != null) ? new TlsInfo(session, TlsResumption.isResumed(session)) : null;
		if (tls != null && tls.resumed()) {
			lease.route.traffic.tlsResumed.increment();
		}
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsEnded(lease, tls, took, failure);
		}
		return overdue;
	}

	/**
	 * Tell of the failure of the step that was under way, and remember it.
	 * @return whether it was the other side that failed
	 */
	boolean failed(Lease lease, ConnectAttempt attempt, Throwable failure) {
		boolean counts = isFailure(lease, Exceptions.exception(failure));
		if (attempt.handshake != null) {
			attempt.inHandshake = true;
			// The socket's own timeout is the same, and can be quicker than the
			// housekeeper.
			attempt.overdue = tlsEnded(lease, attempt, attempt.handshake, null, Exceptions.exception(failure))
					|| failure instanceof SocketTimeoutException;
		}
		else {
			connectEnded(lease, attempt, Exceptions.exception(failure));
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException runtime && !attempt.overdue) {
			throw runtime;
		}
		attempt.failed((failure instanceof IOException io) ? SocketFailure.ofClosed(io)
				: new IOException(Exceptions.words(failure), failure));
		return counts;
	}

	/**
	 * Returns whether it was the other side, and not the caller or the pool that gave up.
	 * What a call timeout cuts off is a failure: without it, nothing would be seen of a
	 * dead host where that timeout is the shorter one.
	 */
	boolean isFailure(Lease lease, @Nullable Exception failure) {
		return failure != null && !this.pool.isClosed() && !Thread.currentThread().isInterrupted()
				&& lease.held().closeReason() != CloseReason.CANCELLED;
	}

}
