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
 * The routes of a pool. If there are many, the pool forgets unused ones: after some time,
 * and before that as soon as there are too many of them.
 */
public final class Routes {

	private static final int MANY = 100;

	/** So many routes with neither a connection nor a waiting caller are remembered. */
	public static final int MOST_UNUSED = 1000;

	private static final long FORGET_AFTER = TimeUnit.MINUTES.toNanos(10);

	private final Map<HttpRoute, Route> routes = new ConcurrentHashMap<>();

	private final Function<HttpRoute, Route> newRoute;

	private final Predicate<Route> retire;

	private final ReentrantLock adding = new ReentrantLock();

	/** At how many routes to look for some to forget. */
	private volatile int tooMany = 2 * MANY;

	/** How often all routes were looked through for a new one. */
	private volatile int looks;

	/**
	 * Create an empty table.
	 * @param newRoute what makes a route that was not known
	 * @param retire what ends the use of a route, unless it is used
	 */
	public Routes(Function<HttpRoute, Route> newRoute, Predicate<Route> retire) {
		this.newRoute = newRoute;
		this.retire = retire;
	}

	/**
	 * Return a route, a new one if it was not known.
	 */
	public Route get(HttpRoute httpRoute) {
		Route route = this.routes.get(httpRoute);
		return (route != null) ? route : add(httpRoute);
	}

	@Nullable Route find(HttpRoute httpRoute) {
		return this.routes.get(httpRoute);
	}

	/**
	 * Return a route in the place of one that was forgotten.
	 */
	Route renew(Route forgotten) {
		this.routes.remove(forgotten.httpRoute, forgotten);
		return get(forgotten.httpRoute);
	}

	/**
	 * Where no connection becomes idle no sweep forgets routes: without keep-alive, or
	 * where hosts cannot be reached.
	 */
	private Route add(HttpRoute httpRoute) {
		if (this.routes.size() >= this.tooMany) {
			makeRoom();
		}
		// Not within the table's own lock: it takes the one of the book.
		this.adding.lock();
		try {
			Route known = this.routes.get(httpRoute);
			if (known != null) {
				return known;
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
		if (unused.size() >= MOST_UNUSED) {
			// Some more than necessary: to find the oldest takes a look at all.
			unused.sort((one, other) -> Long.signum(one.nanoTime - other.nanoTime));
			unused.subList(0, unused.size() - MOST_UNUSED * 3 / 4).forEach((last) -> forget(last.route));
		}
		this.looks++;
		this.tooMany = Math.max(2 * MANY, Math.min(2 * this.routes.size(), used + MOST_UNUSED));
	}

	/**
	 * Forget a route, unless it is used. A caller that has found it just before gets no
	 * connection of it, and {@linkplain #renew renews} it.
	 */
	private void forget(Route route) {
		if (!route.isInUse() && this.retire.test(route)) {
			this.routes.remove(route.httpRoute, route);
		}
	}

	/**
	 * Change what new routes are made with, and all that there are, so that none is
	 * missed.
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

	int looks() {
		return this.looks;
	}

	public Collection<Route> all() {
		return this.routes.values();
	}

	/**
	 * When a route was used last, as it does not change while routes are sorted by it.
	 */
	private record LastUse(Route route, long nanoTime) {
	}

}
