package io.github.httppool.hc5.pool;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * Uses a slot of a {@link ConnectionBook} outside of its lock: checks the idle entry that
 * came with the slot, creates a new entry, or gives the slot back. Even after an
 * exception, the slot is either used or free.
 *
 * @param <E> the type of the entries
 */
abstract class SlotUse<E extends BookEntry> {

	private final ConnectionBook<E> book;

	SlotUse(ConnectionBook<E> book) {
		this.book = book;
	}

	/**
	 * Check a claimed entry.
	 * @return {@code false} if it cannot be used and was closed
	 */
	protected abstract boolean isFit(E entry);

	/**
	 * Create an entry that is leased. Its socket is opened later.
	 */
	protected abstract E create(RouteSlots<E> route);

	/**
	 * Close a claimed entry: {@code EVICTED} to make room for another one,
	 * {@code MAX_IDLE} if the route may have no more idle entries, {@code ERROR} after an
	 * exception. Must not throw exceptions.
	 */
	protected abstract void close(E entry, CloseReason reason);

	/**
	 * Return the maximum number of idle entries of a route.
	 */
	protected abstract int maxIdle(RouteSlots<E> route);

	/**
	 * Return an entry for a slot: the claimed idle entry if it is fit, otherwise another
	 * one.
	 */
	E lease(RouteSlots<E> route, @Nullable Object userToken, @Nullable E claimed) {
		E entry = claimed;
		boolean used = false;
		try {
			while (entry != null && !isFit(entry, userToken)) {
				entry = this.book.replaceByIdle(route, userToken);
			}
			E leased = (entry != null) ? entry : create(route);
			used = true;
			return leased;
		}
		finally {
			if (!used) {
				if (entry != null) {
					close(entry, CloseReason.ERROR);
				}
				this.book.free(route);
			}
		}
	}

	private boolean isFit(E entry, @Nullable Object userToken) {
		Object owner = entry.userToken();
		if (owner == null || owner.equals(userToken)) {
			return isFit(entry);
		}
		// A user leased and returned the entry between the search and the claim.
		close(entry, CloseReason.EVICTED);
		return false;
	}

	/**
	 * Return an entry for a slot that was granted.
	 */
	E lease(PendingAcquire<E> granted) {
		closeVictim(granted);
		return lease(granted.route, granted.userToken, granted.entry);
	}

	/**
	 * Give back a granted slot that was not used.
	 */
	void giveBack(PendingAcquire<E> granted) {
		closeVictim(granted);
		RouteSlots<E> route = granted.route;
		E entry = granted.entry;
		if (entry == null) {
			this.book.free(route);
		}
		else if (!this.book.tryReserveIdle(route, maxIdle(route))) {
			close(entry, CloseReason.MAX_IDLE);
			this.book.free(route);
		}
		else if (!this.book.becomeIdle(route, entry)) {
			close(entry, CloseReason.ERROR);
			this.book.idleClosed(route, entry);
		}
	}

	private void closeVictim(PendingAcquire<E> granted) {
		E victim = granted.victim;
		if (victim == null) {
			return;
		}
		boolean closed = false;
		try {
			close(victim, CloseReason.EVICTED);
			closed = true;
		}
		finally {
			this.book.victimClosed(granted);
			if (!closed) {
				this.book.free(granted.route);
			}
		}
	}

}
