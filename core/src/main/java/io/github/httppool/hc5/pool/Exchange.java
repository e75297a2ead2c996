package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLException;

import io.github.httppool.CallPhase;
import io.github.httppool.CloseReason;
import io.github.httppool.hc5.http1.ResponseFraming;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.WriteTimeoutException;
import io.github.httppool.hc5.observe.RequestExplanation;
import io.github.httppool.hc5.observe.ResponseExplanation;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import io.github.httppool.hc5.observe.SilentConnections;
import io.github.httppool.hc5.observe.StaleExplanation;
import io.github.httppool.hc5.observe.TlsExplanation;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the connection of a lease, a request and its response, and what that
 * means for the connection: whether it may be used again, or why not. A challenge or a
 * tunnel makes several of them in one lease, one after the other.
 */
public final class Exchange {

	private final ConnectionPool pool;

	private final Lease lease;

	/** {@code null} for a call without one. */
	private final @Nullable CallDeadline deadline;

	private volatile @Nullable HttpRequest request;

	/** Whether a response head was read over this connection in this lease. */
	private volatile boolean answered;

	private volatile boolean serverKeeps = true;

	private volatile boolean bodyBegun;

	private volatile boolean bodyComplete = true;

	private volatile @Nullable CloseReason failure;

	private volatile @Nullable BodyState reading;

	private boolean sent;

	/** What is still to be told of once it is flushed, or -1. */
	private long bodyWritten = -1;

	private boolean begun;

	private boolean failureTold;

	/** Whether the connection itself failed, and not the source of a request's body. */
	private boolean wireBroke;

	/** Whether the source of the request's body failed. */
	private boolean sourceFailed;

	/**
	 * Whether the server, or the way to it, ended the connection in place of an answer.
	 */
	private boolean unanswered;

	/** What had been received over the connection before this exchange. */
	private long receivedBefore;

	/** Requests over this connection, without those that open a tunnel. */
	private int count;

	/**
	 * Create what a lease has not begun yet.
	 * @param request the request of the call, as far as it is known
	 */
	Exchange(ConnectionPool pool, Lease lease, @Nullable CallDeadline deadline, @Nullable HttpRequest request) {
		this.pool = pool;
		this.lease = lease;
		this.deadline = deadline;
		this.request = request;
	}

	/**
	 * Nothing has gone over the connection, which is another one.
	 */
	void reset() {
		this.bodyComplete = true;
		this.failure = null;
		this.answered = false;
		this.unanswered = false;
		this.count = 0;
	}

	// The request

	void begin(ClassicHttpRequest request) throws IOException {
		TunnelRequest.requireTunnel(this.pool, this.lease, request);
		this.request = request;
		this.answered = false;
		this.serverKeeps = true;
		this.sent = false;
		this.bodyWritten = -1;
		this.begun = false;
		this.failureTold = false;
		this.reading = null;
		this.wireBroke = false;
		this.sourceFailed = false;
		this.unanswered = false;
		if (!TunnelRequest.is(request)) {
			this.count++;
		}
		this.receivedBefore = this.lease.held().bytesReceived();
		entered(CallPhase.SENDING);
	}

	void sendsBody() {
		entered(CallPhase.SENDING);
	}

	/**
	 * The head of the request was written.
	 */
	void headSent() {
		if (this.pool.listeners().present()) {
			this.pool.listeners().requestHeadSent(this.lease);
		}
	}

	/**
	 * The body of the request was written.
	 */
	void bodySent(long bytes) {
		this.bodyWritten = bytes;
	}

	/**
	 * All that was written of the request is on its way.
	 */
	void requestSent() {
		entered(CallPhase.WAITING);
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

	private void entered(CallPhase phase) {
		if (this.deadline != null) {
			this.deadline.enter(phase);
		}
	}

	public @Nullable HttpRequest request() {
		return this.request;
	}

	// The response

	/**
	 * A byte of a response has come.
	 */
	void firstByte() {
		if (!this.begun) {
			this.begun = true;
			if (this.pool.listeners().present()) {
				this.pool.listeners().firstByteReceived(this.lease);
			}
		}
	}

	void responseStarted(int status) {
		if (status < 200) {
			if (this.pool.listeners().present()) {
				this.pool.listeners().informationReceived(this.lease, status);
			}
		}
		else {
			this.answered = true;
			entered(CallPhase.READING);
			if (this.pool.listeners().present()) {
				this.pool.listeners().responseStarted(this.lease, status);
			}
		}
	}

	/**
	 * Look at the head of a response. What can be read in one way only, but might be read
	 * in another by somebody on the way, is read, and its connection not kept.
	 * @param clean whether the head is by the letter
	 */
	void examine(ClassicHttpResponse response, boolean clean) throws ProtocolException {
		ResponseFraming.requireAllowed(response, this.request);
		if (ResponseFraming.canBeMistaken(response, this.request, clean)) {
			lostTrack();
		}
		ResponseFraming.settleLength(response, this.request);
		if (response.getCode() >= HttpStatus.SC_SUCCESS && ResponseFraming.hasNoBody(response, this.request)) {
			tellBodyEnded(0);
		}
	}

	/**
	 * The response says that its connection cannot be kept.
	 */
	public void serverCloses() {
		this.serverKeeps = false;
	}

	boolean isAnswered() {
		return this.answered;
	}

	boolean isServerKeeping() {
		return this.serverKeeps;
	}

	/**
	 * The connection speaks TLS from now on, and what the server sends to set it up is no
	 * surplus.
	 */
	void upgraded() {
		this.answered = false;
	}

	/**
	 * A response with a body has come.
	 */
	public BodyState bodyBegins(InputStream body, PooledConnection connection) {
		this.bodyBegun = true;
		this.bodyComplete = false;
		BodyState reading = BodyState.of(body, this.lease, connection, this.pool);
		this.reading = reading;
		return reading;
	}

	/**
	 * A response with a body of no bytes has come.
	 */
	public BodyState emptyBody(InputStream body, PooledConnection connection) {
		BodyState reading = BodyState.ofEmpty(body, this.lease, connection, this.pool);
		this.reading = reading;
		tellBodyEnded(0);
		return reading;
	}

	void bodyEnded() {
		this.bodyComplete = true;
	}

	void tellBodyEnded(long bytes) {
		if (this.pool.listeners().present() && !this.lease.isOfCallThatIsOver()) {
			this.pool.listeners().bodyEnded(this.lease, bytes);
		}
	}

	boolean isBodyComplete() {
		return this.bodyComplete;
	}

	/**
	 * Return whether a response was read to its end, and no further exchange has begun.
	 */
	boolean isOver() {
		return this.answered && this.bodyComplete;
	}

	/**
	 * Return whether the caller has a response that nobody reads at this moment, or has
	 * closed.
	 */
	public boolean isUnattended() {
		BodyState reading = this.reading;
		return reading != null && reading.isUnattended();
	}

	/**
	 * Return whether the caller has lost the response without closing it.
	 */
	boolean isLost() {
		BodyState reading = this.reading;
		return reading != null && reading.isLost();
	}

	// What went wrong

	/**
	 * Remember why the connection cannot be kept.
	 * @return the exception, explained where that is possible
	 */
	public IOException failed(IOException ex) {
		if (this.deadline != null && this.deadline.hasFired()) {
			this.failure = CloseReason.ERROR;
			return this.deadline.explain(ex);
		}
		if (this.pool.isClosed()) {
			this.failure = CloseReason.SHUTDOWN;
			return ShutdownExplanation.cutOff(this.pool, this.lease.route, ex);
		}
		if (this.sourceFailed) {
			this.failure = Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR;
			return ex;
		}
		if (Thread.currentThread().isInterrupted()) {
			this.failure = CloseReason.CANCELLED;
		}
		else if (isStale(ex)) {
			this.failure = CloseReason.STALE;
		}
		else {
			this.failure = CloseReason.ERROR;
			this.unanswered = isUnanswered(ex);
		}
		return (ex instanceof SocketTimeoutException timeout && !(ex instanceof ConnectTimeoutException))
				? timedOut(timeout) : ex;
	}

	private IOException timedOut(SocketTimeoutException timeout) {
		boolean silent = this.lease.isReused() && this.count == 1
				&& this.lease.held().bytesReceived() == this.receivedBefore;
		SilentConnections suspects = silent ? this.pool.stayedSilent(this.lease) : null;
		return (timeout instanceof WriteTimeoutException write)
				? RequestExplanation.notAccepted(this.pool, this.lease, write, suspects)
				: ResponseExplanation.silent(this.pool, this.lease, timeout, suspects);
	}

	/**
	 * Explain what the call failed with, if that was this exchange. Called outside of
	 * HttpClient's retries, which put an exception of their own in the place of one.
	 */
	public IOException explained(IOException ex) {
		if (this.failure == CloseReason.STALE) {
			return StaleExplanation.failed(this.pool, this.lease, ex);
		}
		if (!this.unanswered) {
			return ex;
		}
		return (ex instanceof SSLException tls) ? TlsExplanation.refused(this.pool, this.lease.route, tls)
				: ResponseExplanation.none(this.pool, this.lease, ex);
	}

	/**
	 * The connection failed, by nobody's hand here, before the head of a response.
	 */
	private boolean isUnanswered(IOException ex) {
		return !this.answered && !(ex instanceof SocketTimeoutException) && this.lease.held().closeReason() == null
				&& (this.wireBroke || (this.sent && (ex instanceof SocketException || ex instanceof SSLException
						|| ex instanceof NoHttpResponseException)));
	}

	/**
	 * The server had closed a connection that had served before: the connection failed,
	 * and no byte of a response had come.
	 */
	private boolean isStale(IOException ex) {
		return (this.lease.isReused() || this.count > 1) && !this.answered && (this.sent || this.wireBroke)
				&& !(ex instanceof SocketTimeoutException) && this.lease.held().bytesReceived() == this.receivedBefore;
	}

	void wireBroke() {
		this.wireBroke = true;
	}

	/**
	 * What the body of the request comes from has failed, and says so itself.
	 */
	void sourceFailed() {
		this.sourceFailed = true;
	}

	/**
	 * A body has failed in a way of its own, maybe because the connection did.
	 */
	public void failed(Exception ex) {
		if (this.wireBroke && ex instanceof RuntimeException) {
			failed(new IOException(ex));
		}
		else {
			failed(CloseReason.ERROR);
		}
	}

	/**
	 * Tell of a failure, as the caller sees it.
	 */
	void tellFailed(Throwable failure) {
		if (!this.failureTold) {
			this.failureTold = true;
			if (this.pool.listeners().present() && !this.lease.isOfCallThatIsOver()) {
				this.pool.listeners().exchangeFailed(this.lease, Exceptions.exception(failure));
			}
		}
	}

	/**
	 * The connection cannot be kept.
	 */
	public void failed(CloseReason reason) {
		this.failure = reason;
	}

	/**
	 * Nobody can be sure where the next response begins: the connection is not for a
	 * further exchange. So it is after a response whose end might be mistaken, and after
	 * a read that ended with an {@code Error}.
	 */
	void lostTrack() {
		failedUnlessBefore(CloseReason.ERROR);
	}

	void failedUnlessBefore(CloseReason reason) {
		if (this.failure == null) {
			this.failure = reason;
		}
	}

	public boolean hasFailed() {
		return this.failure != null;
	}

	public @Nullable CloseReason failure() {
		return this.failure;
	}

	/**
	 * Return the reason for a close by HttpClient, which gives none.
	 */
	CloseReason whyGivenUp() {
		CloseReason failure = this.failure;
		if (failure != null) {
			return failure;
		}
		if (this.pool.isClosed()) {
			return CloseReason.SHUTDOWN;
		}
		if (this.answered && TunnelRequest.is(this.request)) {
			return CloseReason.ERROR;
		}
		if (this.answered && this.bodyComplete && (!this.serverKeeps || this.bodyBegun)) {
			// HttpClient does so where the reuse strategy said no. Before the body has
			// begun, it is a cancel.
			return CloseReason.SERVER_CLOSE;
		}
		return CloseReason.CANCELLED;
	}

}
