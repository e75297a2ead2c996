package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a pool. If there are many, the pool removes unused ones after some time,
 * or earlier if there are too many.
 */
public final class Routes {

	private static final int MANY = 100;

	/** Maximum number of routes without connections and waiting callers. */
	public static final int MAX_UNUSED = 1000;

	private static final long FORGET_AFTER = TimeUnit.MINUTES.toNanos(10);

	private final Map<HttpRoute, Route> routes = new ConcurrentHashMap<>();

	private final Function<HttpRoute, Route> newRoute;

	private final Predicate<Route> retire;

	private final ReentrantLock adding = new ReentrantLock();

	/** The number of routes at which to search for unused ones. */
	private volatile int searchAt = 2 * MANY;

	/** The number of searches for unused routes. */
	private volatile int searches;

	/**
	 * Create an empty table.
	 * @param newRoute creates a route
	 * @param retire ends the use of a route, or returns {@code false} if it is in use
	 */
	public Routes(Function<HttpRoute, Route> newRoute, Predicate<Route> retire) {
		this.newRoute = newRoute;
		this.retire = retire;
	}

	/**
	 * Return a route, which is created if necessary.
	 */
	public Route get(HttpRoute httpRoute) {
		Route route = this.routes.get(httpRoute);
		return (route != null) ? route : add(httpRoute);
	}

	@Nullable Route find(HttpRoute httpRoute) {
		return this.routes.get(httpRoute);
	}

	/**
	 * Return a route in place of one that has been removed.
	 */
	Route renew(Route forgotten) {
		this.routes.remove(forgotten.httpRoute, forgotten);
		return get(forgotten.httpRoute);
	}

	/**
	 * Add a route, and remove unused ones if there are too many. The periodic removal
	 * only runs while there are idle connections. There are none without keep-alive, or
	 * if no host can be reached.
	 */
	private Route add(HttpRoute httpRoute) {
		if (this.routes.size() >= this.searchAt) {
			makeRoom();
		}
		// Not in ConcurrentHashMap.computeIfAbsent, because creating a route takes the
		// lock of the book.
		this.adding.lock();
		try {
			Route existing = this.routes.get(httpRoute);
			if (existing != null) {
				return existing;
			}
			Route created = this.newRoute.apply(httpRoute);
			this.routes.put(httpRoute, created);
			return created;
		}
		finally {
			this.adding.unlock();
		}
	}

	private void makeRoom() {
		forgetUnused(System.nanoTime());
		List<LastUse> unused = new ArrayList<>();
		for (Route route : this.routes.values()) {
			if (!route.isInUse()) {
				unused.add(new LastUse(route, route.lastUsed));
			}
		}
		int used = this.routes.size() - unused.size();
		if (unused.size() >= MAX_UNUSED) {
			// Remove more than necessary, because each search looks at all routes.
			unused.sort((one, other) -> Long.signum(one.nanoTime - other.nanoTime));
			unused.subList(0, unused.size() - MAX_UNUSED * 3 / 4).forEach((last) -> forget(last.route));
		}
		this.searches++;
		this.searchAt = Math.max(2 * MANY, Math.min(2 * this.routes.size(), used + MAX_UNUSED));
	}

	/**
	 * Remove a route unless it is in use. A caller that has just found this route gets no
	 * connection from it, and {@linkplain #renew renews} it.
	 */
	private void forget(Route route) {
		if (!route.isInUse() && this.retire.test(route)) {
			this.routes.remove(route.httpRoute, route);
		}
	}

	/**
	 * Apply a change to the creation of routes and to each existing route, so that no
	 * concurrently created route is missed.
	 */
	void change(Runnable change, Consumer<Route> each) {
		this.adding.lock();
		try {
			change.run();
			this.routes.values().forEach(each);
		}
		finally {
			this.adding.unlock();
		}
	}

	public void forgetUnused(long now) {
		if (this.routes.size() > MANY) {
			for (Route route : this.routes.values()) {
				if (now - route.lastUsed > FORGET_AFTER) {
					forget(route);
				}
			}
		}
	}

	int searches() {
		return this.searches;
	}

	public Collection<Route> all() {
		return this.routes.values();
	}

	/**
	 * The time of a route's last use, which must not change while routes are sorted.
	 */
	private record LastUse(Route route, long nanoTime) {
	}

}
