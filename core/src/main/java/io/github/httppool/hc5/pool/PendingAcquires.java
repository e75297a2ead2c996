package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The queues of a {@link ConnectionBook}: one for each route, with one sequence of
 * tickets for all of them. All methods except {@link #count()} require the lock of the
 * book.
 *
 * @param <E> the type of the entries
 */
final class PendingAcquires<E extends BookEntry> {

	private final AtomicInteger count = new AtomicInteger();

	private long tickets;

	private @Nullable RouteSlots<E> firstRoute;

	/**
	 * Return the number of pending acquires.
	 */
	int count() {
		return this.count.get();
	}

	void append(PendingAcquire<E> acquire) {
		RouteSlots<E> route = acquire.route;
		acquire.ticket = this.tickets++;
		if (route.first() == null) {
			route.nextAwaited = this.firstRoute;
			if (this.firstRoute != null) {
				this.firstRoute.previousAwaited = route;
			}
			this.firstRoute = route;
		}
		route.append(acquire);
		acquire.state(PendingAcquire.State.PENDING);
		this.count.incrementAndGet();
	}

	void remove(PendingAcquire<E> acquire, PendingAcquire.State state) {
		RouteSlots<E> route = acquire.route;
		route.remove(acquire);
		if (route.first() == null) {
			remove(route);
		}
		this.count.decrementAndGet();
		acquire.state(state);
	}

	private void remove(RouteSlots<E> route) {
		if (route.previousAwaited != null) {
			route.previousAwaited.nextAwaited = route.nextAwaited;
		}
		else {
			this.firstRoute = route.nextAwaited;
		}
		if (route.nextAwaited != null) {
			route.nextAwaited.previousAwaited = route.previousAwaited;
		}
		route.previousAwaited = null;
		route.nextAwaited = null;
	}

	/**
	 * Return the oldest of the acquires that are first on their routes.
	 * @param after the ticket after which the search begins
	 * @param routes selects the routes to search
	 */
	@Nullable PendingAcquire<E> oldest(long after, Predicate<RouteSlots<E>> routes) {
		PendingAcquire<E> oldest = null;
		for (RouteSlots<E> route = this.firstRoute; route != null; route = route.nextAwaited) {
			PendingAcquire<E> head = route.head();
			if (head.ticket > after && (oldest == null || head.ticket < oldest.ticket) && routes.test(route)) {
				oldest = head;
			}
		}
		return oldest;
	}

	void stopAll(PendingAcquire.StopReason reason) {
		for (RouteSlots<E> route = this.firstRoute; route != null; route = route.nextAwaited) {
			for (PendingAcquire<E> each = route.first(); each != null; each = each.next) {
				each.stop(reason);
			}
		}
	}

}
