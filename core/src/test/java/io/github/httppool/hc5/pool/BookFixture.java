package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import io.github.httppool.CloseReason;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link ConnectionBook} over connections without sockets. Counts what would be open,
 * and remembers every moment at which a limit did not hold or two callers had the same
 * connection.
 */
public final class BookFixture {

	final ConnectionBook<Connection> book;

	final List<RouteSlots<Connection>> routes = new ArrayList<>();

	final Queue<String> violations = new ConcurrentLinkedQueue<>();

	final Set<Connection> open = ConcurrentHashMap.newKeySet();

	final AtomicInteger openSockets = new AtomicInteger();

	final AtomicInteger created = new AtomicInteger();

	/** Which connections pass the check before a lease. */
	volatile Predicate<Connection> fit = (connection) -> true;

	/** Runs before a connection is created. */
	volatile Runnable beforeCreate = () -> {
	};

	/** Runs after the user token of a connection was read. */
	volatile Runnable afterToken = () -> {
	};

	/** Runs after a connection was closed to use its slot, or to give it back. */
	volatile Runnable afterClose = () -> {
	};

	volatile int maxIdle = Integer.MAX_VALUE;

	/** Turned off while a test lowers limits. */
	volatile boolean limitsAreChecked = true;

	private final List<AtomicInteger> openByRoute = new ArrayList<>();

	final SlotUse<Connection> slots;

	BookFixture(int maxTotal, int maxPerRoute, int routes) {
		this(maxTotal, maxPerRoute, routes, true);
	}

	BookFixture(int maxTotal, int maxPerRoute, int routes, boolean lastReturnedFirst) {
		this.book = new ConnectionBook<>(maxTotal, maxPerRoute, lastReturnedFirst);
		for (int i = 0; i < routes; i++) {
			this.routes.add(new RouteSlots<>());
			this.openByRoute.add(new AtomicInteger());
		}
		this.slots = new SlotUse<>(this.book) {

			@Override
			protected boolean isFit(Connection connection) {
				if (connection.isOpen() && BookFixture.this.fit.test(connection)) {
					return true;
				}
				connection.close();
				return false;
			}

			@Override
			protected Connection create(RouteSlots<Connection> route) {
				BookFixture.this.beforeCreate.run();
				return new Connection(route);
			}

			@Override
			protected void close(Connection connection, CloseReason reason) {
				connection.close();
				BookFixture.this.afterClose.run();
			}

			@Override
			protected int maxIdle(RouteSlots<Connection> route) {
				return BookFixture.this.maxIdle;
			}

		};
	}

	/**
	 * Return a new connection in a slot of its own, for a lease that is not acquired.
	 */
	public static PooledConnection newConnection(ConnectionPool pool, Route route) {
		PendingAcquire<PooledConnection> acquire = new PendingAcquire<>(route.slots, null);
		assertThat(pool.book().enter(acquire, 0)).isEqualTo(EnterResult.GRANTED);
		return pool.slots().lease(acquire);
	}

	RouteSlots<Connection> route() {
		return this.routes.get(0);
	}

	/**
	 * Lease at once.
	 * @return {@code null} if there is neither an idle connection nor a free slot
	 */
	@Nullable Connection tryLease(RouteSlots<Connection> route) {
		return tryLease(route, null);
	}

	@Nullable Connection tryLease(RouteSlots<Connection> route, @Nullable Object userToken) {
		Connection idle = this.book.tryLeaseIdle(route, userToken);
		if (idle != null) {
			return leased(this.slots.lease(route, userToken, idle));
		}
		PendingAcquire<Connection> acquire = new PendingAcquire<>(route, userToken);
		return switch (enter(acquire, 0)) {
			case GRANTED -> leased(this.slots.lease(acquire));
			default -> null;
		};
	}

	/**
	 * Lease, and wait as long as it takes.
	 * @return {@code null} if the wait was stopped
	 */
	@Nullable Connection lease(RouteSlots<Connection> route, PendingAcquire<Connection> acquire) throws InterruptedException {
		Connection idle = this.book.tryLeaseIdle(route, acquire.userToken);
		if (idle != null) {
			return leased(this.slots.lease(route, acquire.userToken, idle));
		}
		if (enter(acquire, -1) == EnterResult.PENDING) {
			boolean stays = false;
			try {
				acquire.await();
				stays = acquire.stopped() == null;
			}
			finally {
				if (!stays && !this.book.leave(acquire)) {
					this.slots.giveBack(acquire);
				}
			}
			if (!stays) {
				return null;
			}
		}
		return leased(this.slots.lease(acquire));
	}

	EnterResult enter(PendingAcquire<Connection> acquire, int maxPending) {
		EnterResult result = this.book.enter(acquire, maxPending);
		while (result == EnterResult.CHECK_RUNNING) {
			Thread.onSpinWait();
			result = this.book.enter(acquire, maxPending);
		}
		return result;
	}

	private Connection leased(Connection connection) {
		connection.own();
		return connection;
	}

	void keep(Connection connection) {
		connection.disown();
		RouteSlots<Connection> route = connection.route;
		connection.idleSince = System.nanoTime();
		if (this.book.tryReserveIdle(route, this.maxIdle)) {
			if (!this.book.becomeIdle(route, connection)) {
				connection.close();
				this.book.idleClosed(route, connection);
			}
		}
		else if (!this.book.tryHandOver(route, connection)) {
			connection.close();
			this.book.free(route);
		}
	}

	void discard(Connection connection) {
		connection.disown();
		connection.close();
		this.book.free(connection.route);
	}

	private void changeOpen(RouteSlots<Connection> route, int change) {
		int ofRoute = this.openByRoute.get(this.routes.indexOf(route)).addAndGet(change);
		int all = this.openSockets.addAndGet(change);
		if (this.limitsAreChecked && (ofRoute > this.book.max(route) || all > this.book.maxTotal())) {
			this.violations.add(ofRoute + " of the route and " + all + " of the pool are open");
		}
	}

	enum State {

		LEASED, IDLE, CHECKED, CLOSED

	}

	/**
	 * A connection without a socket.
	 */
	final class Connection implements BookEntry {

		final RouteSlots<Connection> route;

		final int number = BookFixture.this.created.getAndIncrement();

		private final AtomicReference<State> state = new AtomicReference<>(State.LEASED);

		private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

		volatile long idleSince;

		volatile @Nullable Object userToken;

		Connection(RouteSlots<Connection> route) {
			this.route = route;
			BookFixture.this.open.add(this);
			changeOpen(route, 1);
		}

		@Override
		public boolean tryLease() {
			return this.state.compareAndSet(State.IDLE, State.LEASED);
		}

		@Override
		public boolean tryIdle() {
			return this.state.compareAndSet(State.LEASED, State.IDLE);
		}

		@Override
		public long idleSince() {
			return this.idleSince;
		}

		@Override
		public @Nullable Object userToken() {
			Object token = this.userToken;
			BookFixture.this.afterToken.run();
			return token;
		}

		boolean isOpen() {
			return this.state.get() != State.CLOSED;
		}

		void own() {
			if (!this.owner.compareAndSet(null, Thread.currentThread())) {
				BookFixture.this.violations.add("two callers have connection " + this.number);
			}
		}

		private void disown() {
			if (this.owner.getAndSet(null) == null) {
				BookFixture.this.violations.add("no caller has connection " + this.number);
			}
		}

		/**
		 * Check the connection as the reaper does. No caller can lease it meanwhile.
		 * @param keep whether it stays
		 */
		void check(boolean keep) {
			BookFixture.this.book.checkBegins();
			try {
				if (!this.state.compareAndSet(State.IDLE, State.CHECKED)) {
					return;
				}
				if (keep) {
					this.state.set(State.IDLE);
				}
				else {
					close();
					BookFixture.this.book.idleClosed(this.route, this);
				}
			}
			finally {
				BookFixture.this.book.checkEnded();
			}
		}

		/**
		 * Close the socket in any state of the connection. A second call returns after
		 * the first one, as for a socket.
		 */
		synchronized void close() {
			if (this.state.getAndSet(State.CLOSED) != State.CLOSED) {
				BookFixture.this.open.remove(this);
				changeOpen(this.route, -1);
			}
		}

	}

}
