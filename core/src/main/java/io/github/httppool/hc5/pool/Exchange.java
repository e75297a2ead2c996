package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLException;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.net.WriteTimeoutException;
import io.github.httppool.hc5.observe.ProxyExplanation;
import io.github.httppool.hc5.observe.RequestExplanation;
import io.github.httppool.hc5.observe.ResponseExplanation;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import io.github.httppool.hc5.observe.SilentConnections;
import io.github.httppool.hc5.observe.StaleExplanation;
import io.github.httppool.hc5.observe.TlsExplanation;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response over the connection of a lease. Records why the connection
 * cannot be reused afterwards, and explains failures. {@link LeaseRelease} decides. A
 * lease has several exchanges, one after the other, after a challenge or the request for
 * a tunnel.
 */
public final class Exchange extends ExchangeProgress {

	private volatile @Nullable HttpRequest request;

	private volatile @Nullable CloseReason failure;

	private boolean failureNotified;

	/** Whether a write failed because of the connection. */
	private boolean writeFailed;

	/** Whether the entity of the request failed, but the connection did not. */
	private boolean bodyFailed;

	/** Whether the server or the network ended the connection before a response. */
	private boolean unanswered;

	/** Bytes received over the connection before this exchange. */
	private long receivedBefore;

	/** Number of requests over this connection, except requests for a tunnel. */
	private int count;

	/**
	 * Creates an exchange that has not begun yet.
	 * @param request the request of the call, or {@code null} if it is not known yet
	 */
	Exchange(PoolContext pool, Lease lease, @Nullable CallDeadline deadline, @Nullable HttpRequest request) {
		super(pool, lease, deadline);
		this.request = request;
	}

	@Override
	void reset() {
		super.reset();
		this.failure = null;
		this.unanswered = false;
		this.count = 0;
	}

	void begin(ClassicHttpRequest request) throws IOException {
		requireTunnel(request);
		this.request = request;
		this.failureNotified = false;
		this.writeFailed = false;
		this.bodyFailed = false;
		this.unanswered = false;
		if (!TunnelRequest.is(request)) {
			this.count++;
		}
		this.receivedBefore = this.lease.held().bytesReceived();
		start();
	}

	/**
	 * Fails if the tunnel is missing. If the connection was closed just before the
	 * exchange, HttpClient reopens it to the proxy, but without the tunnel. The proxy
	 * must not receive the request.
	 */
	private void requireTunnel(ClassicHttpRequest request) throws IOException {
		HttpRoute route = this.lease.route.httpRoute;
		if (route.isTunnelled() && route.isSecure() && !TunnelRequest.is(request) && !this.lease.held().isTunnelled()) {
			failed(CloseReason.ERROR);
			throw new ConnectionClosedException("The tunnel to %s was closed before the request was sent (pool '%s')"
				.formatted(this.lease.route(), this.pool.name()));
		}
	}

	/**
	 * Fail if the response for the caller is a proxy's challenge to the request for a
	 * tunnel.
	 * @throws IOException if HttpClient had no matching credentials
	 */
	public void requireTunnel(ClassicHttpResponse response) throws IOException {
		HttpRequest request = this.request;
		if (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED && TunnelRequest.is(request)) {
			IOException refusal = ProxyExplanation.connect(this.pool, this.lease, response.getCode(),
					TunnelRequest.isLoggedIn(request));
			this.lease.connectFailed(refusal);
			throw refusal;
		}
	}

	public @Nullable HttpRequest request() {
		return this.request;
	}

	// Failures

	/**
	 * Records why the connection cannot be reused.
	 * @return the exception to throw, with an explanation if there is one
	 */
	public IOException failed(IOException ex) {
		if (this.deadline != null && this.deadline.hasFired()) {
			this.failure = CloseReason.ERROR;
			return this.deadline.explain(ex);
		}
		if (this.pool.isClosed()) {
			this.failure = CloseReason.SHUTDOWN;
			return ShutdownExplanation.callAborted(this.pool, this.lease.route, ex);
		}
		if (this.bodyFailed) {
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
		SilentConnections suspects = silent ? this.lease.held().connections.closeSilent(this.lease, System.nanoTime())
				: null;
		return (timeout instanceof WriteTimeoutException write)
				? RequestExplanation.notAccepted(this.pool, this.lease, write, suspects)
				: ResponseExplanation.silent(this.pool, this.lease, timeout, suspects);
	}

	/**
	 * Explains the failure of the call, if this exchange caused it. Called outside of
	 * HttpClient's retries, which replace some exceptions with their own.
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
	 * Returns whether the connection failed before the head of a response arrived, and
	 * this side did not close it.
	 */
	private boolean isUnanswered(IOException ex) {
		return !isAnswered() && !(ex instanceof SocketTimeoutException) && this.lease.held().closeReason() == null
				&& (this.writeFailed || (isSent() && (ex instanceof SocketException || ex instanceof SSLException
						|| ex instanceof NoHttpResponseException)));
	}

	/**
	 * Returns whether the server had already closed a reused connection, so that it
	 * failed before any byte of a response arrived.
	 */
	private boolean isStale(IOException ex) {
		return (this.lease.isReused() || this.count > 1) && !isAnswered() && (isSent() || this.writeFailed)
				&& !(ex instanceof SocketTimeoutException) && this.lease.held().bytesReceived() == this.receivedBefore;
	}

	@Override
	public void requestWriteFailed() {
		this.writeFailed = true;
	}

	@Override
	public void requestBodyFailed() {
		this.bodyFailed = true;
	}

	@Override
	public IOException requestBodyLengthDiffers(long declared, long written) {
		return RequestExplanation.otherLength(this.lease, declared, written);
	}

	@Override
	public void requestCutOff(boolean serverCloses) {
		failedUnlessBefore(serverCloses ? CloseReason.SERVER_CLOSE : CloseReason.ERROR);
	}

	@Override
	public ProtocolException brokenResponse(ProtocolException ex) {
		return ResponseExplanation.broken(this.pool, this.lease.route(), ex);
	}

	@Override
	public IOException brokenResponse(IOException ex) {
		return (ex instanceof NoHttpResponseException none)
				? ResponseExplanation.broken(this.pool, this.lease.route(), none)
				: ResponseExplanation.broken(this.pool, this.lease.route(), ex);
	}

	/**
	 * Records a failure with an exception other than an {@link IOException}. Code that
	 * writes a body may have wrapped a failure of the connection in it.
	 */
	public void failed(Exception ex) {
		if (this.writeFailed && ex instanceof RuntimeException) {
			failed(new IOException(ex));
		}
		else {
			failed(CloseReason.ERROR);
		}
	}

	/**
	 * Notifies listeners of a failure, with the exception that the caller gets.
	 */
	void notifyFailed(Throwable failure) {
		if (!this.failureNotified) {
			this.failureNotified = true;
			if (this.pool.listeners().present() && !this.lease.call.isOver()) {
				this.pool.listeners().exchangeFailed(this.lease, Exceptions.exception(failure));
			}
		}
	}

	/**
	 * Records why the connection cannot be reused.
	 */
	public void failed(CloseReason reason) {
		this.failure = reason;
	}

	/**
	 * Records that opening the connection failed.
	 */
	public void connectFailed() {
		failed(Thread.currentThread().isInterrupted() ? CloseReason.CANCELLED : CloseReason.ERROR);
	}

	@Override
	public void markNotReusable() {
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
	 * Returns the reason for a close by HttpClient, which does not give one.
	 */
	CloseReason whyGivenUp() {
		CloseReason failure = this.failure;
		if (failure != null) {
			return failure;
		}
		if (this.pool.isClosed()) {
			return CloseReason.SHUTDOWN;
		}
		if (isAnswered() && TunnelRequest.is(this.request)) {
			return CloseReason.ERROR;
		}
		if (isAnswered() && isBodyComplete() && (!isServerKeeping() || isBodyBegun())) {
			// HttpClient closes the connection after the reuse strategy has decided
			// against reuse. Before the body has begun, a close is a cancellation.
			return CloseReason.SERVER_CLOSE;
		}
		return CloseReason.CANCELLED;
	}

}
