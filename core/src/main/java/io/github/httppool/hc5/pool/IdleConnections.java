package io.github.httppool.hc5.pool;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Finds and claims the idle entries of a {@link ConnectionBook}. Needs no lock: an entry
 * enters the deque of its route before it becomes idle, {@link BookEntry#tryLease()}
 * decides which thread owns it, and the owner removes it.
 *
 * @param <E> the type of the entries
 */
public final class IdleConnections<E extends BookEntry> {

	private final boolean lastReturnedFirst;

	/** Contains every route with idle entries, and temporarily others. */
	private final Queue<RouteSlots<E>> routes = new ConcurrentLinkedQueue<>();

	/**
	 * Create an empty collection.
	 * @param lastReturnedFirst whether to claim the most recently used entry first
	 */
	IdleConnections(boolean lastReturnedFirst) {
		this.lastReturnedFirst = lastReturnedFirst;
	}

	/**
	 * Add an entry that is about to become idle.
	 * @return {@code false} if memory is exhausted
	 */
	boolean add(RouteSlots<E> route, E entry) {
		try {
			if (this.lastReturnedFirst) {
				route.idle.addFirst(entry);
			}
			else {
				route.idle.addLast(entry);
			}
			list(route);
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

	private void list(RouteSlots<E> route) {
		if (route.listed.get() || !route.listed.compareAndSet(false, true)) {
			return;
		}
		try {
			this.routes.add(route);
		}
		catch (Throwable ex) {
			route.listed.set(false);
			throw ex;
		}
	}

	/**
	 * Remove an entry that is closed, or that was claimed as the longest idle one.
	 */
	void remove(RouteSlots<E> route, E entry) {
		if (this.lastReturnedFirst) {
			route.idle.removeLastOccurrence(entry);
		}
		else {
			route.idle.removeFirstOccurrence(entry);
		}
	}

	/**
	 * Claim the entry that is to be leased next.
	 * @param userToken the user whose entries come first, or {@code null}
	 */
	@Nullable E claim(RouteSlots<E> route, @Nullable Object userToken) {
		if (userToken != null) {
			E own = claimNext(route, (entry) -> userToken.equals(entry.userToken()));
			return (own != null) ? own : claimNext(route, (entry) -> entry.userToken() == null);
		}
		E first = route.idle.peekFirst();
		if (first == null) {
			return null;
		}
		if (first.userToken() == null && first.tryLease()) {
			route.idle.removeFirstOccurrence(first);
			return first;
		}
		return claimNext(route, (entry) -> entry.userToken() == null);
	}

	private @Nullable E claimNext(RouteSlots<E> route, Predicate<E> which) {
		for (E entry : route.idle) {
			if (which.test(entry) && entry.tryLease()) {
				route.idle.removeFirstOccurrence(entry);
				return entry;
			}
		}
		return null;
	}

	/**
	 * Claim the entry of a route that has been idle for longest, for any user.
	 */
	@Nullable E claimLongestIdle(RouteSlots<E> route) {
		E longest = peekLongestIdle(route);
		if (longest == null) {
			return null;
		}
		if (longest.tryLease()) {
			remove(route, longest);
			return longest;
		}
		// Another thread has claimed it, and will remove it.
		return claimNext(route, (entry) -> true);
	}

	private @Nullable E peekLongestIdle(RouteSlots<E> route) {
		return this.lastReturnedFirst ? route.idle.peekLast() : route.idle.peekFirst();
	}

	/**
	 * Offer the routes with idle entries, starting with the route of the longest idle
	 * entry. Called under the lock of the book.
	 * @param accepted claims an entry of the route, or returns {@code false}
	 * @return whether a route was accepted
	 */
	boolean offerLongestIdle(Predicate<RouteSlots<E>> accepted) {
		RouteSlots<E> longest = longestIdle();
		if (longest != null && accepted.test(longest)) {
			return true;
		}
		for (RouteSlots<E> route : this.routes) {
			if (accepted.test(route)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Remove a route that will never have idle entries again. Called under the lock of
	 * the book.
	 */
	void remove(RouteSlots<E> route) {
		if (route.listed.get()) {
			this.routes.remove(route);
		}
	}

	private @Nullable RouteSlots<E> longestIdle() {
		RouteSlots<E> longest = null;
		long since = 0;
		for (Iterator<RouteSlots<E>> all = this.routes.iterator(); all.hasNext();) {
			RouteSlots<E> route = all.next();
			E entry = peekLongestIdle(route);
			if (entry == null) {
				all.remove();
				route.listed.set(false);
				// A concurrently added entry is visible here, or its thread sees that the
				// route is not listed.
				if (!route.idle.isEmpty()) {
					list(route);
				}
			}
			else if (longest == null || entry.idleSince() - since < 0) {
				longest = route;
				since = entry.idleSince();
			}
		}
		return longest;
	}

}
