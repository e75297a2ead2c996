package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLSession;

import io.github.httppool.CallPhase;
import io.github.httppool.CloseReason;
import io.github.httppool.TlsInfo;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.net.ConnectSteps;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.net.SocketFailure;
import io.github.httppool.hc5.net.TlsResumption;
import io.github.httppool.hc5.observe.ConnectExplanation;
import org.jspecify.annotations.Nullable;

/**
 * Counts the steps of opening the connection of a lease. Notifies listeners and the
 * deadline of the call of each step.
 *
 * @param pool the pool
 * @param lease the lease
 */
record ConnectEvents(PoolContext pool, Lease lease) implements ConnectSteps {

	/**
	 * Enter a phase of the call.
	 */
	void enter(CallPhase phase) {
		CallDeadline deadline = this.lease.deadline();
		if (deadline != null) {
			deadline.enter(phase);
		}
	}

	void dnsStarted(String host) {
		if (this.pool.listeners().present()) {
			this.pool.listeners().dnsStarted(this.lease, host);
		}
	}

	void dnsEnded(String host, long started, @Nullable Exception failure) {
		long took = System.nanoTime() - started;
		this.lease.held().connectTimes.dns = took;
		// A RuntimeException of a resolver, for example of a filter,
		// is not a DNS failure.
		this.lease.route.traffic.dns.add(took, !(failure instanceof RuntimeException) && isFailure(failure));
		if (this.pool.listeners().present()) {
			this.pool.listeners().dnsEnded(this.lease, host, took, failure);
		}
	}

	@Override
	public void connecting() {
		enter(CallPhase.CONNECTING);
	}

	@Override
	public void attempting(ConnectAttempt attempt) {
		this.lease.attempt(attempt);
	}

	@Override
	public void connectStarted(ConnectAttempt attempt) {
		InetSocketAddress address = attempt.address;
		if (address != null) {
			attempt.connecting = address;
			attempt.connectStarted = System.nanoTime();
			if (this.pool.listeners().present()) {
				this.pool.listeners().connectStarted(this.lease, address);
			}
		}
	}

	@Override
	public void connectEnded(ConnectAttempt attempt, @Nullable Exception failure, boolean counts) {
		InetSocketAddress address = attempt.connecting;
		if (address == null) {
			return;
		}
		attempt.connecting = null;
		long took = System.nanoTime() - attempt.connectStarted;
		if (failure == null) {
			this.lease.held().connectTimes.tcp = took;
		}
		if (counts) {
			this.lease.route.traffic.tcp.add(took, isFailure(failure));
		}
		if (this.pool.listeners().present()) {
			this.pool.listeners().connectEnded(this.lease, address, took, failure);
		}
	}

	/**
	 * Called when a TLS handshake begins. The housekeeper closes the connection when
	 * {@code tls-handshake-timeout} is over.
	 */
	void tlsStarted(ConnectAttempt attempt) {
		enter(CallPhase.TLS_HANDSHAKE);
		attempt.tlsStarted = System.nanoTime();
		long limit = this.pool.settings().tlsHandshakeTimeout().toNanos();
		ScheduledTimeout timeout = new CloseOnTimeout(attempt.tlsStarted, limit, this.lease.held(), CloseReason.ERROR,
				CloseOnTimeout.STEP_GRACE);
		this.pool.housekeeper().schedule(timeout);
		attempt.handshake = timeout;
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsStarted(this.lease);
		}
	}

	/**
	 * Called when a TLS handshake ends.
	 * @return whether its timeout had expired
	 */
	boolean tlsEnded(ConnectAttempt attempt, ScheduledTimeout handshake, @Nullable SSLSession session,
			@Nullable Exception failure) {
		attempt.handshake = null;
		boolean overdue = !this.pool.housekeeper().cancel(handshake);
		long took = System.nanoTime() - attempt.tlsStarted;
		this.lease.held().connectTimes.tls = took;
		this.lease.route.traffic.tls.add(took, overdue || isFailure(failure));
		TlsInfo tls = (session != null) ? new TlsInfo(session, TlsResumption.isResumed(session)) : null;
		if (tls != null && tls.resumed()) {
			this.lease.route.traffic.tlsResumed.increment();
		}
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsEnded(this.lease, tls, took, failure);
		}
		return overdue;
	}

	@Override
	public boolean failed(ConnectAttempt attempt, Throwable failure) {
		boolean counts = isFailure(Exceptions.exception(failure));
		if (attempt.handshake != null) {
			attempt.inHandshake = true;
			// The socket's own timeout is equal and may fire before the housekeeper.
			attempt.overdue = tlsEnded(attempt, attempt.handshake, null, Exceptions.exception(failure))
					|| failure instanceof SocketTimeoutException;
		}
		else {
			connectEnded(attempt, Exceptions.exception(failure), true);
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException runtime && !attempt.overdue) {
			throw runtime;
		}
		attempt.failed((failure instanceof IOException io) ? SocketFailure.ofClosed(io)
				: new IOException(Exceptions.messageOrType(failure), failure));
		return counts;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A call timeout counts as a failure of the peer. Otherwise, a dead host would go
	 * unnoticed if the call timeout is shorter than the connect timeout.
	 */
	@Override
	public boolean isFailure(@Nullable Exception failure) {
		return failure != null && !this.pool.isClosed() && !Thread.currentThread().isInterrupted()
				&& this.lease.held().closeReason() != CloseReason.CANCELLED;
	}

	@Override
	public IOException explain(ConnectAttempts attempts) {
		return ConnectExplanation.of(this.lease, this.pool, attempts);
	}

}
