package io.github.httppool.hc5.pool;

import java.util.function.Predicate;

import io.github.httppool.hc5.observe.ConnectionCounts;
import org.jspecify.annotations.Nullable;

/**
 * Decides which acquire of a {@link ConnectionBook} gets a slot, and never exceeds the
 * limits. All methods require the lock of the book, except {@link #leaseIdle} and the
 * getters of the limits.
 *
 * @param <E> the type of the entries
 */
final class SlotGrants<E extends BookEntry> {

	private final ConnectionCounts tally;

	private final IdleConnections<E> idle;

	private final PendingAcquires<E> pending;

	/** A field, so that a search needs no memory. */
	private final Predicate<RouteSlots<E>> mayGrant = this::mayGrant;

	private volatile int maxTotal;

	private volatile int maxPerRoute;

	SlotGrants(ConnectionCounts tally, IdleConnections<E> idle, PendingAcquires<E> pending) {
		this.tally = tally;
		this.idle = idle;
		this.pending = pending;
	}

	void limit(int maxTotal, int maxPerRoute) {
		this.maxTotal = maxTotal;
		this.maxPerRoute = maxPerRoute;
	}

	int maxTotal() {
		return this.maxTotal;
	}

	int maxPerRoute() {
		return this.maxPerRoute;
	}

	int max(RouteSlots<E> route) {
		int ownLimit = route.ownLimit;
		return (ownLimit != RouteSlots.NO_OWN_LIMIT) ? ownLimit : this.maxPerRoute;
	}

	/**
	 * Claim an idle entry together with its slot. Needs no lock.
	 */
	@Nullable E leaseIdle(RouteSlots<E> route, @Nullable Object userToken) {
		E entry = this.idle.claim(route, userToken);
		if (entry != null) {
			route.tally.reuse();
			this.tally.reuse();
		}
		return entry;
	}

	/**
	 * Grant all acquires that can be granted, in the order of their tickets.
	 * @param granted previously granted acquires that must be woken
	 * @return the acquires to wake
	 */
	@Nullable PendingAcquire<E> grantPending(@Nullable PendingAcquire<E> granted) {
		PendingAcquire<E> all = granted;
		long after = -1;
		for (PendingAcquire<E> head = oldestGrantable(after); head != null; head = oldestGrantable(after)) {
			// One attempt is enough, because a thread that frees a
			// slot waits for the lock.
			after = head.ticket;
			if (tryGrant(head)) {
				this.pending.remove(head, PendingAcquire.State.GRANTED);
				head.nextGranted = all;
				all = head;
			}
		}
		return all;
	}

	/**
	 * Grant a pending acquire. The caller of the acquire receives any exception, instead
	 * of the thread that made a slot available.
	 */
	private boolean tryGrant(PendingAcquire<E> acquire) {
		try {
			return grant(acquire);
		}
		catch (RuntimeException | Error ex) {
			acquire.fail(ex);
			return false;
		}
	}

	private @Nullable PendingAcquire<E> oldestGrantable(long after) {
		return this.pending.oldest(after, this.mayGrant);
	}

	private boolean mayGrant(RouteSlots<E> route) {
		if (route.tally.idle() > 0) {
			return true;
		}
		long both = this.tally.both();
		return !isFull(route) && (ConnectionCounts.sum(both) < this.maxTotal || ConnectionCounts.idle(both) > 0);
	}

	boolean isFull(RouteSlots<E> route) {
		return ConnectionCounts.sum(route.tally.both()) >= max(route);
	}

	/**
	 * Grant a slot to an acquire.
	 * @return {@code false} if there is none
	 */
	boolean grant(PendingAcquire<E> acquire) {
		RouteSlots<E> route = acquire.route;
		E entry = leaseIdle(route, acquire.userToken);
		if (entry != null) {
			acquire.entry = entry;
			return true;
		}
		if (isFull(route)) {
			// Its idle entries belong to other users.
			return route.tally.idle() > 0 && grantSlotOfIdle(route, acquire);
		}
		if (ConnectionCounts.sum(this.tally.both()) >= this.maxTotal) {
			return this.tally.idle() > 0 && this.idle.offerLongestIdle((longest) -> grantSlotOfIdle(longest, acquire));
		}
		route.tally.lease();
		this.tally.lease();
		return true;
	}

	/**
	 * Grant the slot of an idle entry. The route of the entry counts the entry until it
	 * is closed, but the slot of the pool is transferred immediately.
	 */
	private boolean grantSlotOfIdle(RouteSlots<E> route, PendingAcquire<E> acquire) {
		E entry = this.idle.claimLongestIdle(route);
		if (entry == null) {
			return false;
		}
		this.tally.reuse();
		if (route != acquire.route) {
			acquire.victim = entry;
			acquire.victimRoute = route;
			acquire.route.tally.lease();
			return true;
		}
		route.tally.reuse();
		if (acquire.accepts(entry)) {
			// The entry became idle after the search for an idle entry.
			acquire.entry = entry;
		}
		else {
			acquire.victim = entry;
		}
		return true;
	}

}
