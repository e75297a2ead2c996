package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.pool.BookFixture.Connection;
import io.github.httppool.testing.Pause;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ConnectionBook} by many threads at once: the limits hold at every
 * instant, no caller waits forever, and in the end nothing is lost. Each step is random;
 * failures contain the seed. {@link ConnectionBookLongStressTests} makes more calls.
 */
@Tag("waiting")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionBookStressTests {

	/**
	 * Return how many calls or rounds a test makes.
	 */
	int calls() {
		return 250;
	}

	/**
	 * Few slots and many callers, with everything that can happen to a connection.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 1, 1, 8", "2, 1, 2, 8", "3, 2, 3, 12", "4, 4, 2, 16", "5, 3, 8, 12", "8, 2, 4, 24" })
	void nothingIsLostAndNoLimitIsExceededDuringConcurrentOperations(int maxTotal, int maxPerRoute, int routes,
			int callers) throws Exception {
		long seed = System.nanoTime();
		BookFixture fixture = new BookFixture(maxTotal, maxPerRoute, routes, seed % 3 != 0);
		fixture.fit = (connection) -> connection.number % 7 != 3;
		Chaos chaos = new Chaos(fixture, seed, calls());
		chaos.run(callers);
		assertThat(fixture.violations).as("seed %s", seed).isEmpty();
		assertNothingIsLost(fixture, maxTotal, maxPerRoute, "seed " + seed);
	}

	/**
	 * Limits that rise and fall. They are exact only while they do not fall.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 1, 1, 8", "3, 2, 3, 12", "6, 3, 4, 16" })
	void nothingIsLostWhileLimitsChange(int maxTotal, int maxPerRoute, int routes, int callers) throws Exception {
		long seed = System.nanoTime();
		BookFixture fixture = new BookFixture(maxTotal, maxPerRoute, routes);
		fixture.limitsAreChecked = false;
		Chaos chaos = new Chaos(fixture, seed, calls());
		chaos.changesLimits = true;
		chaos.run(callers);
		assertThat(fixture.violations).as("seed %s", seed).isEmpty();
		assertNothingIsLost(fixture, fixture.book.maxTotal(), fixture.book.maxPerRoute(), "seed " + seed);
	}

	private static void assertNothingIsLost(BookFixture fixture, int maxTotal, int maxPerRoute, String seed) {
		ConnectionBook<Connection> book = fixture.book;
		assertThat(book.pending()).as(seed).isZero();
		assertThat(book.tally().leased()).as(seed).isZero();
		assertThat(fixture.openSockets).as(seed).hasValue(book.tally().idle());
		for (RouteSlots<Connection> route : fixture.routes) {
			assertThat(route.pending).as(seed).hasValue(0);
			assertThat(route.tally.leased()).as(seed).isZero();
			assertThat(route.idle).as(seed).hasSize(route.tally.idle()).doesNotHaveDuplicates();
			assertThat(route.first()).as(seed).isNull();
		}
		fixture.fit = (connection) -> true;
		fixture.limitsAreChecked = true;
		List<Connection> all = new ArrayList<>();
		for (RouteSlots<Connection> route : fixture.routes) {
			int count = Math.min(maxPerRoute, maxTotal - all.size());
			for (int i = 0; i < count; i++) {
				all.add(fixture.tryLease(route));
			}
		}
		assertThat(all).as(seed).doesNotContainNull();
		assertThat(all).as(seed).hasSize(Math.min(maxTotal, maxPerRoute * fixture.routes.size()));
		all.forEach(fixture::discard);
		for (Connection idle : fixture.open) {
			idle.check(false);
		}
		assertThat(book.tally().both()).as(seed).isZero();
		assertThat(fixture.openSockets).as(seed).hasValue(0);
	}

	/**
	 * One connection goes from caller to caller: after a single lost wakeup, all of them
	 * wait forever.
	 */
	@Test
	void noWakeupIsLost() throws Exception {
		BookFixture fixture = new BookFixture(1, 1, 2);
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		AtomicInteger served = new AtomicInteger();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			RouteSlots<Connection> route = fixture.routes.get(i % 2);
			threads.add(started(failures, () -> {
				for (int call = 0; call < calls(); call++) {
					Connection connection = fixture.lease(route, new PendingAcquire<>(route, null));
					served.incrementAndGet();
					if (call % 5 == 0) {
						fixture.discard(connection);
					}
					else {
						fixture.keep(connection);
					}
				}
			}));
		}
		join(threads, fixture);
		assertThat(failures).isEmpty();
		assertThat(served).hasValue(4 * calls());
		assertThat(fixture.violations).isEmpty();
	}

	/**
	 * A caller begins to wait at the moment at which another one gives its connection
	 * back.
	 */
	@RepeatedTest(3)
	void giverAndWaiterAlwaysMeet(RepetitionInfo repetition) throws Exception {
		BookFixture fixture = new BookFixture(1, 1, 2);
		int kind = repetition.getCurrentRepetition();
		CyclicBarrier barrier = new CyclicBarrier(2);
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		AtomicReferenceArray<Connection> held = new AtomicReferenceArray<>(1);
		int rounds = calls();
		Thread giver = started(failures, () -> {
			for (int round = 0; round < rounds; round++) {
				Connection connection = fixture.lease(fixture.route(), new PendingAcquire<>(fixture.route(), null));
				held.set(0, connection);
				barrier.await(20, TimeUnit.SECONDS);
				switch (kind) {
					case 1 -> fixture.keep(connection);
					case 2 -> fixture.discard(connection);
					default -> {
						fixture.keep(connection);
						connection.check(round % 2 == 0);
					}
				}
				barrier.await(20, TimeUnit.SECONDS);
			}
		});
		Thread waiter = started(failures, () -> {
			RouteSlots<Connection> route = fixture.routes.get((kind == 2) ? 1 : 0);
			for (int round = 0; round < rounds; round++) {
				barrier.await(20, TimeUnit.SECONDS);
				Connection connection = fixture.lease(route, new PendingAcquire<>(route, null));
				fixture.discard(connection);
				barrier.await(20, TimeUnit.SECONDS);
			}
		});
		join(List.of(giver, waiter), fixture);
		assertThat(failures).isEmpty();
		assertThat(fixture.violations).isEmpty();
	}

	/**
	 * Random steps in one thread. After each of them no pending acquire could be granted,
	 * and none was granted before an older one that could have had the same.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 1, 1", "1, 1, 3", "2, 1, 3", "3, 2, 3", "4, 4, 2", "5, 3, 8" })
	void noCallerWaitsInVainAfterAnyStep(int maxTotal, int maxPerRoute, int routes) {
		for (int i = 0; i < calls() / 40; i++) {
			new Schedule(maxTotal, maxPerRoute, routes, System.nanoTime()).run(300);
		}
	}

	private static Thread started(Queue<Throwable> failures, Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				failures.add(ex);
			}
		}, "book-stress");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static void join(List<Thread> threads, BookFixture fixture) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
		for (Thread thread : threads) {
			thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
			if (thread.isAlive()) {
				assertThat(thread.isAlive())
					.as("%s waits: %s pending, %s leased, %s idle", List.of(thread.getStackTrace()),
							fixture.book.pending(), fixture.book.tally().leased(), fixture.book.tally().idle())
					.isFalse();
			}
		}
	}

	/**
	 * Acquires that wait without a thread.
	 */
	private static final class Schedule {

		private final BookFixture fixture;

		private final ConnectionBook<Connection> book;

		private final String seed;

		private final Random random;

		private final List<PendingAcquire<Connection>> pending = new ArrayList<>();

		private final List<Connection> leased = new ArrayList<>();

		Schedule(int maxTotal, int maxPerRoute, int routes, long seed) {
			this.fixture = new BookFixture(maxTotal, maxPerRoute, routes, seed % 2 == 0);
			this.book = this.fixture.book;
			this.seed = "seed " + seed;
			this.random = new Random(seed);
		}

		void run(int steps) {
			for (int step = 0; step < steps; step++) {
				this.fixture.maxIdle = this.random.nextInt(3);
				step();
				takeGrants();
				assertNoCallerWaitsInVain();
			}
			assertThat(this.fixture.violations).as(this.seed).isEmpty();
		}

		private void step() {
			RouteSlots<Connection> route = this.fixture.routes.get(this.random.nextInt(this.fixture.routes.size()));
			int kind = this.random.nextInt(10);
			if (kind < 4) {
				acquire(route);
			}
			else if (kind < 8 && !this.leased.isEmpty()) {
				Connection connection = this.leased.remove(this.random.nextInt(this.leased.size()));
				if (kind == 7) {
					this.fixture.discard(connection);
				}
				else {
					this.fixture.keep(connection);
				}
			}
			else if (kind == 8 && !this.pending.isEmpty()) {
				PendingAcquire<Connection> leaving = this.pending.remove(this.random.nextInt(this.pending.size()));
				assertThat(this.book.leave(leaving)).as(this.seed).isTrue();
			}
			else if (kind == 9) {
				this.fixture.open.forEach((connection) -> connection.check(this.random.nextBoolean()));
			}
		}

		private void acquire(RouteSlots<Connection> route) {
			Connection idle = this.book.tryLeaseIdle(route, null);
			if (idle != null) {
				lease(this.fixture.slots.lease(route, null, idle));
				return;
			}
			PendingAcquire<Connection> acquire = new PendingAcquire<>(route, null);
			switch (this.book.enter(acquire, 6)) {
				case GRANTED -> lease(this.fixture.slots.lease(acquire));
				case PENDING -> this.pending.add(acquire);
				default -> assertThat(this.pending).as(this.seed).hasSize(6);
			}
		}

		private void lease(Connection connection) {
			connection.own();
			this.leased.add(connection);
		}

		/** Using a grant can free a slot, and so lead to further grants. */
		private void takeGrants() {
			boolean again = true;
			while (again) {
				again = false;
				for (PendingAcquire<Connection> acquire : List.copyOf(this.pending)) {
					if (acquire.state() == PendingAcquire.State.GRANTED) {
						assertThat(this.pending.stream()
							.filter((other) -> other.route == acquire.route && other.ticket < acquire.ticket)
							.filter((other) -> other.state() == PendingAcquire.State.PENDING)).as(this.seed).isEmpty();
						this.pending.remove(acquire);
						lease(this.fixture.slots.lease(acquire));
						again = true;
					}
				}
			}
		}

		private void assertNoCallerWaitsInVain() {
			assertThat(this.book.pending()).as(this.seed).isEqualTo(this.pending.size());
			assertThat(this.book.tally().leased()).as(this.seed).isEqualTo(this.leased.size());
			int all = ConnectionCounts.sum(this.book.tally().both());
			for (PendingAcquire<Connection> acquire : this.pending) {
				ConnectionCounts route = acquire.route.tally;
				assertThat(route.idle()).as(this.seed).isZero();
				boolean routeIsFull = ConnectionCounts.sum(route.both()) >= this.book.max(acquire.route);
				boolean poolIsFull = all >= this.book.maxTotal() && this.book.tally().idle() == 0;
				assertThat(routeIsFull || poolIsFull).as(this.seed).isTrue();
			}
		}

	}

	private interface Task {

		void run() throws Exception;

	}

	/**
	 * Callers that keep, discard, fail, are interrupted, cancelled and time out, beside a
	 * sweep and an eviction.
	 */
	private static final class Chaos {

		private final BookFixture fixture;

		private final long seed;

		private final int calls;

		private final AtomicBoolean done = new AtomicBoolean();

		private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

		boolean changesLimits;

		Chaos(BookFixture fixture, long seed, int calls) {
			this.fixture = fixture;
			this.seed = seed;
			this.calls = calls;
		}

		void run(int callers) throws Exception {
			AtomicReferenceArray<PendingAcquire<Connection>> acquires = new AtomicReferenceArray<>(callers);
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				int caller = i;
				threads.add(started(this.failures, () -> call(caller, acquires)));
			}
			Thread[] all = threads.toArray(Thread[]::new);
			List<Thread> others = List.of(started(this.failures, this::sweep),
					started(this.failures, () -> disturb(all, acquires)));
			join(threads, this.fixture);
			this.done.set(true);
			join(others, this.fixture);
			assertThat(this.failures).as("seed %s", this.seed).isEmpty();
		}

		private void call(int caller, AtomicReferenceArray<PendingAcquire<Connection>> acquires) {
			Random random = new Random(this.seed + caller);
			for (int call = 0; call < this.calls / 2; call++) {
				RouteSlots<Connection> route = this.fixture.routes.get(random.nextInt(this.fixture.routes.size()));
				Object userToken = (random.nextInt(5) == 0) ? "user " + random.nextInt(2) : null;
				PendingAcquire<Connection> acquire = new PendingAcquire<>(route, userToken);
				acquires.set(caller, acquire);
				try {
					Connection connection = (random.nextInt(10) == 0) ? this.fixture.tryLease(route, userToken)
							: this.fixture.lease(route, acquire);
					if (connection != null) {
						use(connection, userToken, random);
					}
				}
				catch (InterruptedException | OutOfMemoryError ex) {
					// As it was asked for.
				}
			}
		}

		private void use(Connection connection, Object userToken, Random random) {
			if (connection.userToken != null && !connection.userToken.equals(userToken)) {
				this.fixture.violations.add("leased to another user");
			}
			if (random.nextInt(6) == 0) {
				Pause.ofNanos(random.nextInt(20_000));
			}
			connection.userToken = (userToken != null) ? userToken : connection.userToken;
			if (random.nextInt(8) == 0) {
				this.fixture.discard(connection);
			}
			else {
				this.fixture.keep(connection);
			}
		}

		private void sweep() {
			Random random = new Random(this.seed - 1);
			while (!this.done.get()) {
				for (Connection connection : this.fixture.open) {
					connection.check(random.nextInt(4) != 0);
				}
				this.fixture.maxIdle = random.nextInt(4);
				Pause.ofNanos(random.nextInt(50_000));
			}
		}

		private void disturb(Thread[] callers, AtomicReferenceArray<PendingAcquire<Connection>> acquires) {
			Random random = new Random(this.seed - 2);
			PendingAcquire.StopReason[] reasons = PendingAcquire.StopReason.values();
			ConnectionBook<Connection> book = this.fixture.book;
			int maxTotal = book.maxTotal();
			int maxPerRoute = book.maxPerRoute();
			while (!this.done.get()) {
				int which = random.nextInt(callers.length);
				switch (random.nextInt(8)) {
					case 0 -> callers[which].interrupt();
					case 1 -> this.fixture.beforeCreate = () -> {
						if (System.nanoTime() % 5 == 0) {
							throw new OutOfMemoryError("for the test");
						}
					};
					case 2 -> book.stopPending();
					case 3 -> limit(random, maxTotal, maxPerRoute);
					default -> {
						PendingAcquire<Connection> acquire = acquires.get(which);
						if (acquire != null) {
							acquire.stop(reasons[random.nextInt(reasons.length)]);
						}
					}
				}
				Pause.ofNanos(random.nextInt(100_000));
			}
			this.fixture.beforeCreate = () -> {
			};
			book.limit(maxTotal, maxPerRoute);
			this.fixture.routes.forEach((route) -> book.limit(route, RouteSlots.NO_OWN_LIMIT));
			// What is too much now is closed, as a resize closes it.
			while (ConnectionCounts.sum(book.tally().both()) > 0 && this.fixture.book.tally().leased() == 0
					&& this.changesLimits) {
				this.fixture.open.forEach((connection) -> connection.check(false));
			}
		}

		private void limit(Random random, int maxTotal, int maxPerRoute) {
			if (this.changesLimits) {
				this.fixture.book.limit(1 + random.nextInt(2 * maxTotal), 1 + random.nextInt(2 * maxPerRoute));
				this.fixture.book.limit(this.fixture.routes.get(random.nextInt(this.fixture.routes.size())),
						random.nextInt(3) - 1);
			}
		}

	}

}
