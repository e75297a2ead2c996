package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CallInfo;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a call, which its leases carry on from one to the next. Exists only for
 * calls that somebody is told of. Over when it has returned to its caller and none of its
 * leases is left, whichever is later.
 */
public final class Call implements CallInfo {

	private static final AtomicLong NUMBER = new AtomicLong();

	private static final AtomicIntegerFieldUpdater<Call> UNDER_WAY = AtomicIntegerFieldUpdater.newUpdater(Call.class,
			"underWay");

	private static final AtomicIntegerFieldUpdater<Call> ENDED = AtomicIntegerFieldUpdater.newUpdater(Call.class,
			"ended");

	final HttpRequest request;

	private final long id = NUMBER.incrementAndGet();

	private final ConnectionPool pool;

	private final long started = System.nanoTime();

	/** {@code null} for a call without one. */
	private @Nullable CallDeadline deadline;

	private @Nullable Throwable failure;

	/** Leases that are held, the way of the call to its response, and reads. */
	private volatile int underWay = 1;

	/** Callers that share a context, though they must not, may hold on to another's. */
	private volatile int ended;

	private Call(ConnectionPool pool, HttpRequest request) {
		this.pool = pool;
		this.request = request;
	}

	/**
	 * Begin a call, and tell of it.
	 */
	public static Call begin(ConnectionPool pool, HttpRequest request) {
		Call call = new Call(pool, request);
		pool.listeners().callStarted(call);
		return call;
	}

	/**
	 * The call has a deadline.
	 */
	public void within(CallDeadline deadline) {
		this.deadline = deadline;
	}

	@Nullable CallDeadline deadline() {
		return this.deadline;
	}

	/**
	 * A connection is held for the call.
	 */
	void holds() {
		UNDER_WAY.incrementAndGet(this);
	}

	/**
	 * A connection was given back, and all of it was told.
	 */
	void leaseEnded() {
		stepEnded();
	}

	/**
	 * The response is read, whose connection another thread may take away: what comes of
	 * that is told before the end of the call.
	 */
	void readBegins() {
		UNDER_WAY.incrementAndGet(this);
	}

	void readEnded() {
		stepEnded();
	}

	boolean isOver() {
		return this.ended != 0;
	}

	/**
	 * The caller has the response; what is left is its body, if there is one.
	 */
	public void answered() {
		stepEnded();
	}

	/**
	 * The caller gets an exception. A thread that has cancelled the call may still be
	 * giving back its connection.
	 */
	public void failed(Throwable failure) {
		this.failure = failure;
		stepEnded();
	}

	private void stepEnded() {
		if (UNDER_WAY.decrementAndGet(this) == 0 && ENDED.compareAndSet(this, 0, 1)) {
			this.pool.listeners().callEnded(this, System.nanoTime() - this.started, this.failure);
		}
	}

	@Override
	public long id() {
		return this.id;
	}

	@Override
	public String pool() {
		return this.pool.name();
	}

	@Override
	public String call() {
		return Lease.describe(this.request);
	}

}
