package io.github.httppool.hc5.pool;

import java.time.Duration;

import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A call of a client: its request, its deadline, its observation by listeners, and its
 * current lease. A call has one lease after another, for example one for each redirect.
 * <p>
 * HttpClient passes nothing but the user token of the context to the pool.
 * {@code CallExec} puts a call in its place while it is executed, and
 * {@link PooledConnectionManager#lease} takes it from there. The call carries the
 * caller's own token.
 */
public final class Call {

	private final @Nullable HttpRequest request;

	private final @Nullable CallDeadline deadline;

	private final @Nullable ObservedCall observed;

	/** The user of the connections, or {@code null} if they are shared. */
	private volatile @Nullable Object userToken;

	private volatile @Nullable Lease lease;

	/** Whether the call has returned to its caller. */
	private volatile boolean returned;

	private Call(@Nullable HttpRequest request, @Nullable CallDeadline deadline, @Nullable ObservedCall observed,
			@Nullable Object userToken) {
		this.request = request;
		this.deadline = deadline;
		this.observed = observed;
		this.userToken = userToken;
	}

	/**
	 * Begin a call, and notify listeners.
	 * @param limit the time limit of the call, or {@code null} for none
	 * @param before the user token in the context before the call, or {@code null}
	 */
	public static Call begin(PoolContext pool, HttpRequest request, @Nullable Duration limit, @Nullable Object before) {
		ObservedCall observed = pool.listeners().present() ? ObservedCall.begin(pool, request) : null;
		CallDeadline deadline = (limit != null) ? new CallDeadline(pool, request, limit, System.nanoTime()) : null;
		return new Call(request, deadline, observed, userToken(before));
	}

	/**
	 * Return a call without notifications of listeners.
	 */
	public static Call unobserved(@Nullable HttpRequest request, @Nullable CallDeadline deadline,
			@Nullable Object userToken) {
		return new Call(request, deadline, null, userToken);
	}

	/**
	 * Return the call for which a lease is requested.
	 * @param token the user token in the context: a call, or the token of a caller that
	 * does not use a client of the pool
	 */
	static Call of(@Nullable Object token) {
		return (token instanceof Call call) ? call : unobserved(null, null, token);
	}

	/**
	 * Return the call that is executed with a context, or {@code null} if an interceptor
	 * has replaced the user token.
	 */
	public static @Nullable Call in(HttpClientContext context) {
		return (context.getUserToken() instanceof Call call) ? call : null;
	}

	/**
	 * Return the current lease of the call that is executed with a context, or
	 * {@code null} if there is none.
	 */
	public static @Nullable Lease leaseIn(HttpClientContext context) {
		return (context.getUserToken() instanceof Call call) ? call.lease : null;
	}

	/**
	 * Let the elements of HttpClient's chain find this call in the context. An
	 * interceptor may have set a user token in the meantime.
	 */
	public void enter(HttpClientContext context) {
		Object token = context.getUserToken();
		if (token != this) {
			takeUserToken(token);
			context.setUserToken(this);
		}
	}

	/**
	 * Replace the call in a context with the caller's user token, as HttpClient does, or
	 * with the call in which this one was nested. A call of another thread that wrongly
	 * shares the context may have returned in the meantime.
	 * @param before the value before the call
	 */
	public static void leave(HttpClientContext context, @Nullable Object before) {
		if (context.getUserToken() instanceof Call call) {
			context.setUserToken((before instanceof Call outer && !outer.returned) ? outer : call.userToken);
		}
	}

	private static @Nullable Object userToken(@Nullable Object token) {
		return (token instanceof Call call) ? call.userToken : token;
	}

	/**
	 * Use the user token that the caller has set in the meantime, if any.
	 */
	public void takeUserToken(@Nullable Object token) {
		if (token != null && !(token instanceof Call)) {
			this.userToken = token;
		}
	}

	/**
	 * Return the user to whom the connections of this call belong, or {@code null} if
	 * they are shared.
	 */
	public @Nullable Object userToken() {
		return this.userToken;
	}

	/**
	 * Return the request, or {@code null} if it is not known yet.
	 */
	@Nullable HttpRequest request() {
		return this.request;
	}

	/**
	 * Return the deadline, or {@code null} for a call without one.
	 */
	public @Nullable CallDeadline deadline() {
		return this.deadline;
	}

	/**
	 * Return the number of the call, or 0 if there are no listeners.
	 */
	long id() {
		return (this.observed != null) ? this.observed.id() : 0;
	}

	/**
	 * Return the current lease, or the last one, or {@code null} if there was none.
	 */
	@Nullable Lease lease() {
		return this.lease;
	}

	/**
	 * Called when the call holds a connection.
	 */
	void holds(Lease lease) {
		this.lease = lease;
		if (this.observed != null) {
			this.observed.leaseBegins();
		}
	}

	/**
	 * Called when a connection was released and listeners were notified.
	 */
	void leaseEnded() {
		if (this.observed != null) {
			this.observed.leaseEnded();
		}
	}

	void readBegins() {
		if (this.observed != null) {
			this.observed.readBegins();
		}
	}

	void readEnded() {
		if (this.observed != null) {
			this.observed.readEnded();
		}
	}

	/**
	 * Return whether listeners were notified of the end of the call.
	 */
	boolean isOver() {
		return this.observed != null && this.observed.isOver();
	}

	/**
	 * Called when the caller has received the response. Only its body may remain.
	 */
	public void answered() {
		this.returned = true;
		if (this.observed != null) {
			this.observed.answered();
		}
	}

	/**
	 * Called when the caller receives an exception. A thread that cancelled the call may
	 * still be releasing its connection.
	 */
	public void failed(Throwable failure) {
		this.returned = true;
		if (this.observed != null) {
			this.observed.failed(failure);
		}
	}

}
