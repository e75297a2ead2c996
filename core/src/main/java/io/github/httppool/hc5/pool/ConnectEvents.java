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
 * Counts the steps of opening a connection, and notifies listeners of each.
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
		// A RuntimeException of a resolver, such as that of a filter, is not a DNS
		// failure.
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
	 * Called when the TCP connect to an address has ended.
	 * @param counts whether the failure is due to the address
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
	 * Record the failure of the current step and notify listeners.
	 * @return whether the peer failed
	 */
	boolean failed(Lease lease, ConnectAttempt attempt, Throwable failure) {
		boolean counts = isFailure(lease, Exceptions.exception(failure));
		if (attempt.handshake != null) {
			attempt.inHandshake = true;
			// The socket's own timeout is equal and may fire before the housekeeper.
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
	 * Return whether the peer failed, as opposed to the caller or the pool giving up. A
	 * call timeout counts as a failure. Otherwise a dead host would stay unnoticed if the
	 * call timeout is shorter than the connect timeout.
	 */
	boolean isFailure(Lease lease, @Nullable Exception failure) {
		return failure != null && !this.pool.isClosed() && !Thread.currentThread().isInterrupted()
				&& lease.held().closeReason() != CloseReason.CANCELLED;
	}

}
