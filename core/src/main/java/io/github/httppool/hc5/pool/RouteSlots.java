package io.github.httppool.hc5.pool;

import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.hc5.observe.ConnectionCounts;
import org.jspecify.annotations.Nullable;

/**
 * The page of one route in a {@link ConnectionBook}: how many slots it uses, its idle
 * entries, and its pending acquires. Everything that is not final, atomic or volatile is
 * guarded by the lock of the book.
 *
 * @param <E> the type of the entries
 */
public final class RouteSlots<E extends BookEntry> {

	/** Use the limit that applies to routes in general. */
	static final int NO_OWN_LIMIT = -1;

	final ConnectionCounts tally;

	/** The number of pending acquires. Changes under the lock; any thread may read it. */
	final AtomicInteger pending;

	/**
	 * Where to look for idle entries, the next one to lease first. Contains every idle
	 * entry, and for a moment also one that is claimed or about to become idle.
	 */
	public final Deque<E> idle = new ConcurrentLinkedDeque<>();

	/** Whether this route is in the book's list of routes with idle entries. */
	final AtomicBoolean listed = new AtomicBoolean();

	volatile int ownLimit = NO_OWN_LIMIT;

	/** Whether the pool has forgotten this route. Never changes back. */
	volatile boolean retired;

	private @Nullable PendingAcquire<E> first;

	private @Nullable PendingAcquire<E> last;

	/** The neighbours in the book's list of routes with pending acquires. */
	@Nullable RouteSlots<E> previousAwaited;

	@Nullable RouteSlots<E> nextAwaited;

	RouteSlots() {
		this(new ConnectionCounts(), new AtomicInteger());
	}

	/**
	 * Create an empty page.
	 * @param tally counts the slots
	 * @param pending counts the pending acquires
	 */
	RouteSlots(ConnectionCounts tally, AtomicInteger pending) {
		this.tally = tally;
		this.pending = pending;
	}

	/**
	 * Return whether neither a connection nor a pending acquire uses this route.
	 */
	boolean isUnused() {
		return this.tally.both() == 0 && this.pending.get() == 0;
	}

	@Nullable PendingAcquire<E> first() {
		return this.first;
	}

	/**
	 * Return the acquire that is served next, on a route that has one.
	 */
	PendingAcquire<E> head() {
		return Objects.requireNonNull(this.first);
	}

	void append(PendingAcquire<E> acquire) {
		acquire.previous = this.last;
		if (this.last != null) {
			this.last.next = acquire;
		}
		else {
			this.first = acquire;
		}
		this.last = acquire;
		this.pending.incrementAndGet();
	}

	void remove(PendingAcquire<E> acquire) {
		if (acquire.previous != null) {
			acquire.previous.next = acquire.next;
		}
		else {
			this.first = acquire.next;
		}
		if (acquire.next != null) {
			acquire.next.previous = acquire.previous;
		}
		else {
			this.last = acquire.previous;
		}
		acquire.previous = null;
		acquire.next = null;
		this.pending.decrementAndGet();
	}

}
