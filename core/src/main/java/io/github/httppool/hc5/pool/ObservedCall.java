package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CallInfo;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The identity and the end of a call, for listeners. Exists only if listeners are
 * registered. An observed call ends when the call has returned to its caller and all its
 * leases have ended.
 */
final class ObservedCall implements CallInfo {

	private static final AtomicLong NUMBER = new AtomicLong();

	private static final AtomicIntegerFieldUpdater<ObservedCall> UNDER_WAY = AtomicIntegerFieldUpdater
		.newUpdater(ObservedCall.class, "underWay");

	private static final AtomicIntegerFieldUpdater<ObservedCall> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(ObservedCall.class, "ended");

	private final HttpRequest request;

	private final long id = NUMBER.incrementAndGet();

	private final PoolContext pool;

	private final long started = System.nanoTime();

	private @Nullable Throwable failure;

	/**
	 * Number of leases and reads in progress. The call itself counts until it returns.
	 */
	private volatile int underWay = 1;

	/**
	 * May be set concurrently, because some callers wrongly share a context between
	 * threads.
	 */
	private volatile int ended;

	private ObservedCall(PoolContext pool, HttpRequest request) {
		this.pool = pool;
		this.request = request;
	}

	/**
	 * Begin a call and notify listeners.
	 */
	static ObservedCall begin(PoolContext pool, HttpRequest request) {
		ObservedCall call = new ObservedCall(pool, request);
		pool.listeners().callStarted(call);
		return call;
	}

	/**
	 * Called when the call holds a connection.
	 */
	void leaseBegins() {
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
	void answered() {
		stepEnded();
	}

	/**
	 * Called when the caller receives an exception. A thread that cancelled the call may
	 * still be releasing its connection.
	 */
	void failed(Throwable failure) {
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
		return CallDescription.of(this.request);
	}

}
