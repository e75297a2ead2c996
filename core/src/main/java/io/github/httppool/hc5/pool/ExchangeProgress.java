package io.github.httppool.hc5.pool;

import java.io.InputStream;
import java.io.OutputStream;

import io.github.httppool.CallPhase;
import io.github.httppool.hc5.http1.ExchangeEvents;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the progress of an exchange, as reported by its connection. Reports the steps to
 * the deadline of the call and to listeners.
 */
abstract class ExchangeProgress implements ExchangeEvents {

	final PoolContext pool;

	final Lease lease;

	/** {@code null} for a call without a deadline. */
	final @Nullable CallDeadline deadline;

	/** Whether the head of a final response has been read. */
	private volatile boolean answered;

	private volatile boolean serverKeeps = true;

	private volatile boolean bodyBegun;

	private volatile boolean bodyComplete = true;

	private volatile @Nullable BodyState reading;

	private boolean sent;

	/** Length of the request's body until it is flushed and reported, or -1. */
	private long bodyWritten = -1;

	private boolean begun;

	ExchangeProgress(PoolContext pool, Lease lease, @Nullable CallDeadline deadline) {
		this.pool = pool;
		this.lease = lease;
		this.deadline = deadline;
	}

	/**
	 * Called when the lease continues with another connection.
	 */
	void reset() {
		this.bodyComplete = true;
		this.answered = false;
	}

	/**
	 * Called before a request is sent.
	 */
	final void start() {
		this.answered = false;
		this.serverKeeps = true;
		this.sent = false;
		this.bodyWritten = -1;
		this.begun = false;
		this.reading = null;
		enter(CallPhase.SENDING);
	}

	private void enter(CallPhase phase) {
		if (this.deadline != null) {
			this.deadline.enter(phase);
		}
	}

	// The request

	@Override
	public final void requestHeadSent() {
		if (this.pool.listeners().present()) {
			this.pool.listeners().requestHeadSent(this.lease);
		}
	}

	@Override
	public final OutputStream requestBodyStarts(OutputStream body) {
		enter(CallPhase.SENDING);
		return (this.deadline != null) ? new DeadlineOutputStream(body, this.deadline) : body;
	}

	@Override
	public final void requestBodySent(long bytes) {
		if (this.pool.listeners().present()) {
			this.bodyWritten = bytes;
		}
	}

	@Override
	public final void requestSent() {
		enter(CallPhase.WAITING);
		if (this.bodyWritten >= 0) {
			long bytes = this.bodyWritten;
			this.bodyWritten = -1;
			this.pool.listeners().requestBodySent(this.lease, bytes);
		}
		if (!this.sent) {
			this.sent = true;
			if (this.pool.listeners().present()) {
				this.pool.listeners().requestSent(this.lease);
			}
		}
	}

	final boolean isSent() {
		return this.sent;
	}

	// The response

	@Override
	public final void firstByteReceived() {
		if (!this.begun) {
			this.begun = true;
			if (this.pool.listeners().present()) {
				this.pool.listeners().firstByteReceived(this.lease);
			}
		}
	}

	@Override
	public final void responseHeadReceived(int status) {
		if (status < HttpStatus.SC_SUCCESS) {
			if (this.pool.listeners().present()) {
				this.pool.listeners().informationReceived(this.lease, status);
			}
		}
		else {
			this.answered = true;
			enter(CallPhase.READING);
			if (this.pool.listeners().present()) {
				this.pool.listeners().responseStarted(this.lease, status);
			}
		}
	}

	@Override
	public final boolean isAnswered() {
		return this.answered;
	}

	/**
	 * Called when the connection has been upgraded to TLS. Bytes that the server sends
	 * for the handshake are not unsolicited.
	 */
	final void upgraded() {
		this.answered = false;
	}

	@Override
	public final void serverCloses() {
		this.serverKeeps = false;
	}

	final boolean isServerKeeping() {
		return this.serverKeeps;
	}

	// The body of the response

	@Override
	public final void responseHasNoBody() {
		notifyBodyEnded(0);
	}

	@Override
	public final BodyState responseBodyStarts(InputStream body) {
		return responseBodyStarts(body, this.lease.held());
	}

	final BodyState responseBodyStarts(InputStream body, PooledConnection connection) {
		this.bodyBegun = true;
		this.bodyComplete = false;
		BodyState reading = BodyState.of(body, this.lease, connection, this.pool);
		this.reading = reading;
		return reading;
	}

	@Override
	public final BodyState emptyResponseBody(InputStream body) {
		BodyState reading = BodyState.ofEmpty(body, this.lease, this.lease.held(), this.pool);
		this.reading = reading;
		notifyBodyEnded(0);
		return reading;
	}

	final void bodyEnded() {
		this.bodyComplete = true;
	}

	final void notifyBodyEnded(long bytes) {
		if (this.pool.listeners().present() && !this.lease.call.isOver()) {
			this.pool.listeners().bodyEnded(this.lease, bytes);
		}
	}

	final boolean isBodyBegun() {
		return this.bodyBegun;
	}

	final boolean isBodyComplete() {
		return this.bodyComplete;
	}

	/**
	 * Returns whether a response has been read to its end, and no further exchange has
	 * begun.
	 */
	final boolean isOver() {
		return this.answered && this.bodyComplete;
	}

	/**
	 * Returns whether the caller has received a response, has not closed it, and no
	 * thread is reading it.
	 */
	public final boolean isUnattended() {
		BodyState reading = this.reading;
		return reading != null && reading.isUnattended();
	}

	/**
	 * Returns whether the caller has abandoned the response without closing it.
	 */
	final boolean isAbandoned() {
		BodyState reading = this.reading;
		return reading != null && reading.isAbandoned();
	}

}
