package io.github.httppool.hc5.pool;

import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.hc5.observe.ConnectionCounts;
import org.jspecify.annotations.Nullable;

/**
 * The slots of one route in a {@link ConnectionBook}: their number, the idle entries, and
 * the pending acquires. Fields that are not final, atomic or volatile are guarded by the
 * lock of the book.
 *
 * @param <E> the type of the entries
 */
public final class RouteSlots<E extends BookEntry> {

	/** The route has no individual limit. */
	static final int NO_OWN_LIMIT = -1;

	final ConnectionCounts tally;

	/** The number of pending acquires. Changes under the lock; any thread may read it. */
	final AtomicInteger pending;

	/**
	 * The idle entries, the next one to lease first. Temporarily also contains entries
	 * that are claimed or about to become idle.
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
	 * Create an instance without slots in use.
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
	 * Return the acquire that is served next. The route must have one.
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
