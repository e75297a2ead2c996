package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The acquire of a slot by a caller that found no idle entry.
 * <p>
 * The book changes the state under its lock:
 *
 * <pre>
 * NEW ---&gt; PENDING ---&gt; GRANTED
 *  |          |
 *  |          +-------&gt; LEFT      the caller gave up
 *  +----------------&gt; GRANTED     without waiting
 * </pre>
 *
 * Other threads never remove an acquire from the queue. They {@link #stop} it, which
 * records a reason and wakes the caller. The caller then {@linkplain ConnectionBook#leave
 * leaves}.
 *
 * @param <E> the type of the entries
 */
public final class PendingAcquire<E extends BookEntry> {

	final RouteSlots<E> route;

	/** The user whose entries are accepted, in addition to those without a user. */
	final @Nullable Object userToken;

	private final Thread thread = Thread.currentThread();

	private final AtomicReference<@Nullable StopReason> stopped = new AtomicReference<>();

	private volatile State state = State.NEW;

	/** What was thrown by an attempt to grant, for example by the user token. */
	private volatile @Nullable Throwable failure;

	// Guarded by the lock of the book

	/** The position in the order of all acquires of the pool. */
	long ticket;

	@Nullable PendingAcquire<E> previous;

	@Nullable PendingAcquire<E> next;

	/** The next acquire that was granted together with this one. */
	@Nullable PendingAcquire<E> nextGranted;

	// Written before the state is GRANTED, and read afterwards

	/** The idle entry that comes with the slot, if any. */
	@Nullable E entry;

	/** The idle entry to close before the slot can be used, if any. */
	@Nullable E victim;

	/** The route that the victim still uses, if it is not the route of this acquire. */
	@Nullable RouteSlots<E> victimRoute;

	PendingAcquire(RouteSlots<E> route, @Nullable Object userToken) {
		this.route = route;
		this.userToken = userToken;
	}

	State state() {
		return this.state;
	}

	void state(State state) {
		this.state = state;
	}

	/**
	 * Return whether the caller may use an entry, which may belong to a user.
	 */
	boolean accepts(E entry) {
		Object owner = entry.userToken();
		return owner == null || owner.equals(this.userToken);
	}

	/**
	 * Return why another thread stopped the wait, or {@code null} if none did.
	 */
	@Nullable StopReason stopped() {
		return this.stopped.get();
	}

	/**
	 * Ask the caller to end its wait. The first reason counts.
	 * @return {@code false} if the wait was stopped before
	 */
	boolean stop(StopReason reason) {
		boolean first = this.stopped.compareAndSet(null, reason);
		if (first) {
			wake();
		}
		return first;
	}

	/**
	 * Make the caller end its wait with an exception.
	 */
	void fail(Throwable failure) {
		this.failure = failure;
		wake();
	}

	boolean hasFailed() {
		return this.failure != null;
	}

	void wake() {
		LockSupport.unpark(this.thread);
	}

	/**
	 * Wait until the acquire is granted or stopped. Called by the thread that created it.
	 * @throws InterruptedException if the thread was interrupted before that
	 */
	void await() throws InterruptedException {
		while (this.state == State.PENDING && this.stopped.get() == null) {
			throwFailure();
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			LockSupport.park(this);
		}
	}

	private void throwFailure() {
		Throwable failure = this.failure;
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

	/**
	 * The state of an acquire.
	 */
	enum State {

		/** The acquire has not been passed to the book. */
		NEW,

		/** It is in the queue of its route. */
		PENDING,

		/** It has a slot, which the caller must use or give back. */
		GRANTED,

		/** The caller left the queue without a slot. */
		LEFT

	}

	/**
	 * Why another thread stops a wait.
	 */
	enum StopReason {

		TIMED_OUT, CANCELLED, SHUT_DOWN

	}

}
