package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CallInfo;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a call, shared by its consecutive leases. Exists only if listeners are
 * notified. Ends when the call has returned to its caller and all its leases have ended,
 * whichever is later.
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

	/**
	 * Number of leases, reads and, until the call returns, the call itself.
	 */
	private volatile int underWay = 1;

	/**
	 * May be set concurrently, because some callers wrongly share a context between
	 * threads.
	 */
	private volatile int ended;

	private Call(ConnectionPool pool, HttpRequest request) {
		this.pool = pool;
		this.request = request;
	}

	/**
	 * Begin a call and notify listeners.
	 */
	public static Call begin(ConnectionPool pool, HttpRequest request) {
		Call call = new Call(pool, request);
		pool.listeners().callStarted(call);
		return call;
	}

	/**
	 * Set the deadline of the call.
	 */
	public void within(CallDeadline deadline) {
		this.deadline = deadline;
	}

	@Nullable CallDeadline deadline() {
		return this.deadline;
	}

	/**
	 * Called when the call holds a connection.
	 */
	void holds() {
		UNDER_WAY.incrementAndGet(this);
	}

	/**
	 * Called when a connection was released and listeners were notified.
	 */
	void leaseEnded() {
		stepEnded();
	}

	/**
	 * Called when a read of the response begins. Another thread may close the connection
	 * meanwhile; listeners are notified of the result before the call ends.
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
	 * Called when the caller has received the response. Only its body may remain.
	 */
	public void answered() {
		stepEnded();
	}

	/**
	 * Called when the caller receives an exception. A thread that cancelled the call may
	 * still be releasing its connection.
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
