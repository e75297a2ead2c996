package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import io.github.httppool.hc5.observe.ConnectionCounts;
import org.jspecify.annotations.Nullable;

/**
 * Records which connections of a pool are idle, which are leased, and which callers are
 * waiting.
 * <p>
 * A <em>slot</em> is the right to one connection. {@link ConnectionCounts} counts the
 * slots of each route and of the pool, leased and idle ones in one word.
 *
 * <pre>
 * acquire -- pending == 0 --&gt; idle entry of the route -- claimed, fit --&gt; leased
 *    | none, or others wait            | claimed, not fit: its slot stays,
 *    v                                 v next idle entry or a new one
 * [ lock ]  grant:  1 idle entry of the route
 *    |              2 new slot
 *    |              3 slot of the entry that has been idle for longest
 *    v none
 * queue of the route, pending + 1, grant again, park
 *
 * keep  --&gt; leased to idle ----------------------+
 * free  --&gt; socket closed, then leased - 1 ------+--&gt; pending != 0: lock, grant by ticket
 * idle entry closed --&gt; idle - 1 ----------------+
 * limit raised ----------------------------------+
 * </pre>
 *
 * <strong>Limits.</strong> The number of slots grows only under the lock, and shrinks
 * only after the socket is closed. So the limits hold at every instant, and reuse and
 * release need no lock.
 * <p>
 * <strong>Ownership.</strong> {@link BookEntry#tryLease()} alone decides which thread
 * owns an entry. The deque of a route only serves to find entries.
 * <p>
 * <strong>No lost wakeup.</strong> A thread that makes a slot or an entry available reads
 * {@code pending} afterwards. A caller that has to wait raises {@code pending} and checks
 * again afterwards. At least one of the two sees the other's change.
 * <p>
 * <strong>Order.</strong> Pending acquires have tickets. A grant goes to the oldest
 * ticket that can use it, on any route. A new acquire grants pending ones before itself.
 * <p>
 * <strong>The lock</strong> is never held during I/O. The caller that has the slot
 * checks, opens and closes sockets, and calls {@link #free} if it fails. Callers are
 * woken after the lock is released.
 *
 * @param <E> the type of the entries
 */
final class ConnectionBook<E extends BookEntry> {

	private final ReentrantLock lock = new ReentrantLock();

	private final ConnectionCounts tally = new ConnectionCounts();

	private final IdleConnections<E> idle;

	private final PendingAcquires<E> pending = new PendingAcquires<>();

	/** The number of idle entries that are being checked or closed. */
	private final AtomicInteger checks = new AtomicInteger();

	private final SlotGrants<E> grants;

	/** Guarded by the lock. */
	private boolean closed;

	/**
	 * Create an empty book.
	 * @param lastReturnedFirst whether to lease the most recently used entry first
	 */
	ConnectionBook(int maxTotal, int maxPerRoute, boolean lastReturnedFirst) {
		this.idle = new IdleConnections<>(lastReturnedFirst);
		this.grants = new SlotGrants<>(this.tally, this.idle, this.pending);
		this.grants.limit(maxTotal, maxPerRoute);
	}

	// Acquire

	/**
	 * Claim an idle entry if no caller is waiting.
	 * @return the entry, to be checked, or {@code null}
	 */
	@Nullable E tryLeaseIdle(RouteSlots<E> route, @Nullable Object userToken) {
		return (this.pending.count() == 0) ? this.grants.leaseIdle(route, userToken) : null;
	}

	/**
	 * Claim an idle entry for a slot whose own entry failed its check. The slot of the
	 * claimed entry becomes free.
	 * @return the entry, to be checked, or {@code null}
	 */
	@Nullable E replaceByIdle(RouteSlots<E> route, @Nullable Object userToken) {
		E entry = this.idle.claim(route, userToken);
		if (entry != null) {
			leaveIdle(route);
		}
		return entry;
	}

	/**
	 * Acquire a slot, or enter the queue of the route.
	 * @param maxPending the maximum number of pending acquires, or -1 for no limit
	 */
	EnterResult enter(PendingAcquire<E> acquire, int maxPending) {
		PendingAcquire<E> granted = null;
		this.lock.lock();
		try {
			if (this.closed) {
				return EnterResult.CLOSED;
			}
			if (acquire.route.retired) {
				return EnterResult.ROUTE_RETIRED;
			}
			granted = this.grants.grantPending(null);
			if (acquire.route.first() == null && this.grants.grant(acquire)) {
				acquire.state(PendingAcquire.State.GRANTED);
				return EnterResult.GRANTED;
			}
			if (maxPending >= 0 && this.pending.count() >= maxPending) {
				return (this.checks.get() != 0) ? EnterResult.CHECK_RUNNING : EnterResult.REJECTED;
			}
			this.pending.append(acquire);
			granted = this.grants.grantPending(granted);
			return (acquire.state() == PendingAcquire.State.GRANTED) ? EnterResult.GRANTED : EnterResult.PENDING;
		}
		finally {
			this.lock.unlock();
			wakeAll(granted);
		}
	}

	/**
	 * Leave the queue.
	 * @return {@code false} if the acquire has already been granted
	 */
	boolean leave(PendingAcquire<E> acquire) {
		PendingAcquire<E> granted = null;
		this.lock.lock();
		try {
			boolean isPending = acquire.state() == PendingAcquire.State.PENDING;
			if (isPending) {
				this.pending.remove(acquire, PendingAcquire.State.LEFT);
				// The failed acquire may have kept later ones waiting
				// that can be granted.
				granted = acquire.hasFailed() ? this.grants.grantPending(null) : null;
			}
			return isPending;
		}
		finally {
			this.lock.unlock();
			wakeAll(granted);
		}
	}

	/**
	 * Report that the victim of a grant is closed.
	 */
	void victimClosed(PendingAcquire<E> granted) {
		RouteSlots<E> route = granted.victimRoute;
		granted.victim = null;
		granted.victimRoute = null;
		if (route != null) {
			route.tally.leaveIdle();
			grantIfPending();
		}
	}

	// Release

	/**
	 * Turn a leased slot into an idle one, if the route may have another idle entry. The
	 * caller must then call {@link #becomeIdle} or {@link #idleClosed}.
	 */
	boolean tryReserveIdle(RouteSlots<E> route, int maxIdle) {
		if (!route.tally.tryKeep(maxIdle)) {
			return false;
		}
		this.tally.tryKeep(Integer.MAX_VALUE);
		return true;
	}

	/**
	 * Make a leased entry idle. Its idle slot must already be reserved.
	 * @return {@code false} if it was closed in the meantime or memory is exhausted; the
	 * caller must then close it and call {@link #idleClosed}
	 */
	boolean becomeIdle(RouteSlots<E> route, E entry) {
		if (!this.idle.add(route, entry) || !entry.tryIdle()) {
			return false;
		}
		grantIfPending();
		return true;
	}

	/**
	 * Hand a leased entry over to a caller that waits for this route. Called if the route
	 * may have no more idle entries. The entry stays leased.
	 * @return {@code false} if no caller can use it
	 */
	boolean tryHandOver(RouteSlots<E> route, E entry) {
		if (route.pending.get() == 0) {
			return false;
		}
		PendingAcquire<E> head;
		this.lock.lock();
		try {
			head = route.first();
			if (head == null || !head.accepts(entry) || isOlderServedByClosing(head)) {
				return false;
			}
			head.entry = entry;
			this.pending.remove(head, PendingAcquire.State.GRANTED);
		}
		finally {
			this.lock.unlock();
		}
		head.wake();
		return true;
	}

	/**
	 * Return whether an older acquire waits only for a slot of the pool. Its route is not
	 * full.
	 */
	private boolean isOlderServedByClosing(PendingAcquire<E> acquire) {
		PendingAcquire<E> oldest = this.pending.oldest(-1, (route) -> !this.grants.isFull(route));
		return oldest != null && oldest.ticket < acquire.ticket;
	}

	/**
	 * Free a leased slot whose socket is closed or was never opened.
	 */
	void free(RouteSlots<E> route) {
		route.tally.endLease();
		this.tally.endLease();
		grantIfPending();
	}

	/**
	 * Free the slot of an idle entry that has been closed.
	 */
	void idleClosed(RouteSlots<E> route, E entry) {
		this.idle.remove(route, entry);
		leaveIdle(route);
	}

	private void leaveIdle(RouteSlots<E> route) {
		route.tally.leaveIdle();
		this.tally.leaveIdle();
		grantIfPending();
	}

	/**
	 * Report that a thread is about to claim an idle entry in order to check or close it.
	 * The thread must call {@link #checkEnded} afterwards.
	 */
	void checkBegins() {
		this.checks.incrementAndGet();
	}

	/**
	 * Report that the entry is idle again, or closed.
	 */
	void checkEnded() {
		this.checks.decrementAndGet();
		grantIfPending();
	}

	// Limits, routes and shutdown

	void limit(int maxTotal, int maxPerRoute) {
		change(() -> this.grants.limit(maxTotal, maxPerRoute));
	}

	/**
	 * Set the individual limit of a route, or remove it with
	 * {@link RouteSlots#NO_OWN_LIMIT}.
	 */
	void limit(RouteSlots<E> route, int max) {
		change(() -> route.ownLimit = max);
	}

	int maxTotal() {
		return this.grants.maxTotal();
	}

	int maxPerRoute() {
		return this.grants.maxPerRoute();
	}

	int max(RouteSlots<E> route) {
		return this.grants.max(route);
	}

	/**
	 * Retire a route unless it is in use. Later acquires on it fail, so that a route
	 * never has two {@link RouteSlots} in use at the same time.
	 */
	boolean retire(RouteSlots<E> route) {
		change(() -> {
			if (route.isUnused()) {
				route.retired = true;
				this.idle.remove(route);
			}
		});
		return route.retired;
	}

	/**
	 * End the waits of all pending acquires because of a shutdown.
	 */
	void stopPending() {
		change(() -> this.pending.stopAll(PendingAcquire.StopReason.SHUT_DOWN));
	}

	/**
	 * End all waits, and grant no more slots.
	 */
	void close() {
		change(() -> {
			this.closed = true;
			this.pending.stopAll(PendingAcquire.StopReason.SHUT_DOWN);
		});
	}

	private void change(Runnable change) {
		PendingAcquire<E> granted;
		this.lock.lock();
		try {
			change.run();
			granted = this.grants.grantPending(null);
		}
		finally {
			this.lock.unlock();
		}
		wakeAll(granted);
	}

	ConnectionCounts tally() {
		return this.tally;
	}

	/**
	 * Return the number of pending acquires.
	 */
	int pending() {
		return this.pending.count();
	}

	// Granting

	private void grantIfPending() {
		if (this.pending.count() != 0) {
			change(() -> {
			});
		}
	}

	private static <E extends BookEntry> void wakeAll(@Nullable PendingAcquire<E> granted) {
		for (PendingAcquire<E> each = granted; each != null; each = each.nextGranted) {
			each.wake();
		}
	}

}
