package io.github.httppool.hc5.pool;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.pool.BookFixture.Connection;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link ConnectionBook}, one step at a time.
 */
@Timeout(60)
class ConnectionBookTests {

	private final List<BookFixture> fixtures = new ArrayList<>();

	private BookFixture fixture(int maxTotal, int maxPerRoute, int routes) {
		BookFixture fixture = new BookFixture(maxTotal, maxPerRoute, routes);
		this.fixtures.add(fixture);
		return fixture;
	}

	@AfterEach
	void limitsHeld() {
		this.fixtures.forEach((fixture) -> {
			assertThat(fixture.violations).isEmpty();
			ConnectionCounts tally = fixture.book.tally();
			assertThat(fixture.openSockets).hasValue(ConnectionCounts.sum(tally.both()));
			assertThat(fixture.routes.stream().mapToInt((route) -> ConnectionCounts.sum(route.tally.both())).sum())
				.isEqualTo(ConnectionCounts.sum(tally.both()));
		});
	}

	private static Connection leased(BookFixture fixture, RouteSlots<Connection> route) {
		Connection connection = fixture.tryLease(route);
		assertThat(connection).isNotNull();
		return connection;
	}

	private static Waiting waiting(BookFixture fixture, RouteSlots<Connection> route) {
		return waiting(fixture, route, null);
	}

	private static Waiting waiting(BookFixture fixture, RouteSlots<Connection> route, Object userToken) {
		int before = fixture.book.pending();
		Waiting waiting = new Waiting(fixture, route, userToken);
		Awaitility.await().until(() -> fixture.book.pending() > before);
		return waiting;
	}

	@Test
	void idleConnectionIsLeasedAgain() {
		BookFixture fixture = fixture(10, 5, 2);
		Connection first = leased(fixture, fixture.route());
		assertThat(fixture.book.tally().leased()).isOne();
		fixture.keep(first);
		assertThat(fixture.book.tally().leased()).isZero();
		assertThat(fixture.book.tally().idle()).isOne();
		assertThat(leased(fixture, fixture.routes.get(1))).isNotSameAs(first);
		assertThat(leased(fixture, fixture.route())).isSameAs(first);
	}

	@Test
	void connectionReturnedLastIsLeasedFirstUnlessThePolicyIsTheOpposite() {
		for (boolean lastReturnedFirst : new boolean[] { true, false }) {
			BookFixture fixture = new BookFixture(10, 10, 1, lastReturnedFirst);
			this.fixtures.add(fixture);
			List<Connection> all = List.of(leased(fixture, fixture.route()), leased(fixture, fixture.route()),
					leased(fixture, fixture.route()));
			all.forEach(fixture::keep);
			assertThat(leased(fixture, fixture.route())).isSameAs(all.get(lastReturnedFirst ? 2 : 0));
		}
	}

	@Test
	void neitherLimitIsExceeded() {
		BookFixture fixture = fixture(3, 2, 2);
		leased(fixture, fixture.route());
		leased(fixture, fixture.route());
		assertThat(fixture.tryLease(fixture.route())).as("the route is full").isNull();
		leased(fixture, fixture.routes.get(1));
		assertThat(fixture.tryLease(fixture.routes.get(1))).as("the pool is full").isNull();
		assertThat(fixture.book.pending()).isZero();
	}

	@Test
	void limitOfOneRouteReplacesTheGeneralOne() {
		BookFixture fixture = fixture(10, 1, 2);
		fixture.book.limit(fixture.route(), 2);
		leased(fixture, fixture.route());
		leased(fixture, fixture.route());
		leased(fixture, fixture.routes.get(1));
		assertThat(fixture.tryLease(fixture.routes.get(1))).isNull();
		fixture.book.limit(fixture.route(), RouteSlots.NO_OWN_LIMIT);
		assertThat(fixture.book.max(fixture.route())).isOne();
		fixture.limitsAreChecked = false;
	}

	@Test
	void longestIdleConnectionOfAnotherRouteMakesRoom() {
		BookFixture fixture = fixture(3, 3, 3);
		Connection oldest = leased(fixture, fixture.route());
		Connection old = leased(fixture, fixture.routes.get(1));
		Connection young = leased(fixture, fixture.route());
		List.of(oldest, old, young).forEach(fixture::keep);
		leased(fixture, fixture.routes.get(2));
		assertThat(fixture.open).doesNotContain(oldest).contains(old, young);
		leased(fixture, fixture.routes.get(2));
		assertThat(fixture.open).doesNotContain(old).contains(young);
		assertThat(fixture.book.tally().leased()).isEqualTo(2);
		assertThat(fixture.book.tally().idle()).isOne();
	}

	@Test
	void connectionThatIsNotFitIsReplacedInItsSlot() {
		BookFixture fixture = fixture(2, 2, 1);
		Connection bad = leased(fixture, fixture.route());
		Connection good = leased(fixture, fixture.route());
		fixture.keep(good);
		fixture.keep(bad);
		fixture.fit = (connection) -> connection != bad;
		assertThat(leased(fixture, fixture.route())).isSameAs(good);
		assertThat(ConnectionCounts.sum(fixture.book.tally().both())).isOne();
		fixture.keep(good);
		fixture.fit = (connection) -> false;
		assertThat(leased(fixture, fixture.route()).number).as("a new one").isEqualTo(2);
	}

	@Test
	void slotIsFreeAfterWhateverIsThrownWhileItIsUsed() {
		BookFixture fixture = fixture(1, 1, 2);
		for (Throwable failure : List.of(new OutOfMemoryError("for the test"), new IllegalStateException())) {
			fixture.beforeCreate = () -> sneak(failure);
			assertThatThrownBy(() -> fixture.tryLease(fixture.route())).isSameAs(failure);
			assertThat(fixture.book.tally().both()).isZero();
			fixture.beforeCreate = () -> {
			};
			fixture.keep(leased(fixture, fixture.route()));
			fixture.fit = (connection) -> {
				sneak(failure);
				return true;
			};
			assertThatThrownBy(() -> fixture.tryLease(fixture.route())).isSameAs(failure);
			assertThat(fixture.book.tally().both()).isZero();
			fixture.fit = (connection) -> true;
			fixture.keep(leased(fixture, fixture.route()));
			fixture.beforeCreate = () -> sneak(failure);
			assertThatThrownBy(() -> fixture.tryLease(fixture.routes.get(1))).as("in the slot of another route")
				.isSameAs(failure);
			assertThat(fixture.book.tally().both()).isZero();
			fixture.beforeCreate = () -> {
			};
		}
	}

	@Test
	void slotOfAnotherRouteIsFreeAfterItsConnectionCouldNotBeClosed() {
		BookFixture fixture = fixture(1, 1, 2);
		fixture.keep(leased(fixture, fixture.route()));
		OutOfMemoryError failure = new OutOfMemoryError("for the test");
		fixture.afterClose = () -> sneak(failure);
		assertThatThrownBy(() -> fixture.tryLease(fixture.routes.get(1))).isSameAs(failure);
		assertThat(fixture.book.tally().both()).isZero();
	}

	@Test
	void callersAreServedInTheirOrder() throws Exception {
		BookFixture fixture = fixture(1, 1, 3);
		Connection held = leased(fixture, fixture.route());
		List<Waiting> waiting = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			waiting.add(waiting(fixture, fixture.routes.get(i % 3)));
		}
		Connection current = held;
		for (int i = 0; i < 9; i++) {
			if (i % 2 == 0) {
				fixture.keep(current);
			}
			else {
				fixture.discard(current);
			}
			current = waiting.get(i).get();
			for (Waiting later : waiting.subList(i + 1, 9)) {
				assertThat(later.result).isNotDone();
			}
		}
	}

	@Test
	void newcomerOvertakesOnlyThoseItDoesNotKeepWaiting() throws Exception {
		BookFixture fixture = fixture(3, 1, 2);
		Connection held = leased(fixture, fixture.route());
		Waiting waiting = waiting(fixture, fixture.route());
		Connection other = leased(fixture, fixture.routes.get(1));
		assertThat(fixture.tryLease(fixture.route())).isNull();
		fixture.keep(held);
		assertThat(waiting.get()).isSameAs(held);
		fixture.keep(other);
	}

	@Test
	void closedIdleConnectionServesTheNextCaller() throws Exception {
		BookFixture fixture = fixture(1, 1, 2);
		Connection held = leased(fixture, fixture.route());
		Waiting waiting = waiting(fixture, fixture.routes.get(1));
		fixture.discard(held);
		Connection next = waiting.get();
		fixture.keep(next);
		next.check(false);
		assertThat(fixture.book.tally().both()).isZero();
		assertThat(fixture.routes.get(1).idle).isEmpty();
	}

	@Test
	void connectionUnderCheckIsAwaitedAndNotTakenForLost() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection idle = leased(fixture, fixture.route());
		fixture.keep(idle);
		fixture.book.checkBegins();
		assertThat(idle.tryLease()).as("claimed by the check").isTrue();
		PendingAcquire<Connection> rejected = new PendingAcquire<>(fixture.route(), null);
		assertThat(fixture.book.enter(rejected, 0)).isEqualTo(EnterResult.CHECK_RUNNING);
		Waiting waiting = waiting(fixture, fixture.route());
		assertThat(idle.tryIdle()).isTrue();
		fixture.book.checkEnded();
		assertThat(waiting.get()).isSameAs(idle);
		assertThat(fixture.book.enter(rejected, 0)).isEqualTo(EnterResult.REJECTED);
	}

	@Test
	void connectionThatWasClosedBeforeItCameBackTakesNoSlot() {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		held.close();
		fixture.keep(held);
		assertThat(fixture.book.tally().both()).isZero();
		assertThat(fixture.route().idle).isEmpty();
		leased(fixture, fixture.route());
	}

	@Test
	void callersBeyondTheMaximumDoNotWait() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		Waiting one = waiting(fixture, fixture.route());
		assertThat(fixture.book.enter(new PendingAcquire<>(fixture.route(), null), 1)).isEqualTo(EnterResult.REJECTED);
		assertThat(fixture.route().pending).hasValue(1);
		fixture.keep(held);
		one.get();
	}

	@Test
	void raisedLimitServesThoseWhoWait() throws Exception {
		BookFixture fixture = fixture(1, 1, 2);
		leased(fixture, fixture.route());
		Waiting same = waiting(fixture, fixture.route());
		Waiting other = waiting(fixture, fixture.routes.get(1));
		fixture.book.limit(2, 1);
		other.get();
		assertThat(same.result).isNotDone();
		fixture.book.limit(3, 1);
		assertThat(same.result).isNotDone();
		fixture.book.limit(fixture.route(), 2);
		same.get();
	}

	@Test
	void loweredLimitLetsTheNumberShrink() {
		BookFixture fixture = fixture(4, 4, 1);
		List<Connection> held = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			held.add(leased(fixture, fixture.route()));
		}
		fixture.limitsAreChecked = false;
		fixture.book.limit(2, 2);
		fixture.discard(held.get(0));
		fixture.discard(held.get(1));
		assertThat(fixture.tryLease(fixture.route())).isNull();
		fixture.discard(held.get(2));
		leased(fixture, fixture.route());
	}

	@Test
	void connectionIsHandedOverWhereNoneMayBeIdle() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		fixture.maxIdle = 0;
		Connection held = leased(fixture, fixture.route());
		Waiting waiting = waiting(fixture, fixture.route());
		fixture.keep(held);
		assertThat(waiting.get()).isSameAs(held);
		assertThat(fixture.book.tally().idle()).isZero();
		fixture.keep(held);
		assertThat(fixture.open).isEmpty();
	}

	@Test
	void olderCallerOfAnotherRouteGetsTheSlotWhereNoneMayBeIdle() throws Exception {
		BookFixture fixture = fixture(1, 1, 2);
		fixture.maxIdle = 0;
		Connection held = leased(fixture, fixture.route());
		Waiting older = waiting(fixture, fixture.routes.get(1));
		Waiting younger = waiting(fixture, fixture.route());
		fixture.keep(held);
		Connection next = older.get();
		assertThat(next).isNotSameAs(held);
		fixture.keep(next);
		younger.get();
	}

	@Test
	void connectionOfAUserIsNotLeasedToOtherUsers() {
		BookFixture fixture = fixture(2, 2, 1);
		Connection ofA = leased(fixture, fixture.route());
		Connection shared = leased(fixture, fixture.route());
		ofA.userToken = "A";
		fixture.keep(ofA);
		fixture.keep(shared);
		assertThat(fixture.tryLease(fixture.route(), "A")).isSameAs(ofA);
		fixture.keep(ofA);
		assertThat(fixture.tryLease(fixture.route(), "B")).as("a shared connection is acceptable").isSameAs(shared);
		Connection next = fixture.tryLease(fixture.route(), "B");
		assertThat(next).as("a new one in the slot of A's").isNotNull().isNotSameAs(ofA);
		assertThat(fixture.open).doesNotContain(ofA);
	}

	/**
	 * The search sees a shared connection. A user leases and returns it before the claim.
	 */
	@Test
	void connectionThatBecameAUsersDuringTheSearchIsLeasedToNobodyElse() {
		BookFixture fixture = fixture(1, 1, 1);
		Connection connection = leased(fixture, fixture.route());
		fixture.keep(connection);
		Runnable nothing = fixture.afterToken;
		fixture.afterToken = () -> {
			fixture.afterToken = nothing;
			assertThat(fixture.tryLease(fixture.route(), "A")).isSameAs(connection);
			connection.userToken = "A";
			fixture.keep(connection);
		};
		assertThat(leased(fixture, fixture.route())).isNotSameAs(connection);
		assertThat(fixture.open).hasSize(1).doesNotContain(connection);
	}

	@Test
	void whatAUserTokenThrowsWhileItsCallerWaitsIsForThatCaller() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		IllegalStateException failure = new IllegalStateException("for the test");
		Waiting broken = waiting(fixture, fixture.route(), new BrokenToken(failure));
		Waiting next = waiting(fixture, fixture.route());
		fixture.keep(held);
		assertThatThrownBy(broken::get).cause().isSameAs(failure);
		assertThat(next.get()).isSameAs(held);
		assertThat(fixture.book.pending()).isZero();
	}

	@Test
	void callerWhoLeavesIsNotServed() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		Waiting leaving = waiting(fixture, fixture.route());
		Waiting staying = waiting(fixture, fixture.route());
		leaving.acquire.stop(PendingAcquire.StopReason.TIMED_OUT);
		assertThat(leaving.get()).isNull();
		assertThat(leaving.acquire.state()).isEqualTo(PendingAcquire.State.LEFT);
		leaving.acquire.stop(PendingAcquire.StopReason.CANCELLED);
		assertThat(leaving.acquire.stopped()).as("the first reason").isEqualTo(PendingAcquire.StopReason.TIMED_OUT);
		fixture.keep(held);
		assertThat(staying.get()).isSameAs(held);
	}

	@Test
	void interruptedCallerHandsOnWhatItWasGranted() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		PendingAcquire<Connection> acquire = new PendingAcquire<>(fixture.route(), null);
		assertThat(fixture.book.enter(acquire, -1)).isEqualTo(EnterResult.PENDING);
		Thread.currentThread().interrupt();
		assertThatThrownBy(acquire::await).isInstanceOf(InterruptedException.class);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		fixture.keep(held);
		assertThat(fixture.book.leave(acquire)).as("it was quicker").isFalse();
		fixture.slots.giveBack(acquire);
		assertThat(fixture.tryLease(fixture.route())).isSameAs(held);
	}

	@Test
	void shutdownStopsTheWaitsAndAdmitsNoFurtherCaller() throws Exception {
		BookFixture fixture = fixture(1, 1, 1);
		Connection held = leased(fixture, fixture.route());
		Waiting waiting = waiting(fixture, fixture.route());
		fixture.book.stopPending();
		assertThat(waiting.get()).isNull();
		assertThat(waiting.acquire.stopped()).isEqualTo(PendingAcquire.StopReason.SHUT_DOWN);
		fixture.book.close();
		assertThat(fixture.book.enter(new PendingAcquire<>(fixture.route(), null), -1)).isEqualTo(EnterResult.CLOSED);
		fixture.discard(held);
		assertThat(fixture.book.tally().both()).isZero();
	}

	@Test
	void onlyAnUnusedRouteIsForgotten() {
		BookFixture fixture = fixture(1, 1, 2);
		Connection held = leased(fixture, fixture.route());
		assertThat(fixture.book.retire(fixture.route())).isFalse();
		fixture.keep(held);
		assertThat(fixture.book.retire(fixture.route())).isFalse();
		held.check(false);
		assertThat(fixture.book.retire(fixture.route())).isTrue();
		assertThat(fixture.book.enter(new PendingAcquire<>(fixture.route(), null), -1))
			.isEqualTo(EnterResult.ROUTE_RETIRED);
	}

	@Test
	void retiredRouteIsNotKeptInMemory() {
		ConnectionBook<Connection> book = new BookFixture(1, 1, 0).book;
		WeakReference<RouteSlots<Connection>> retired = new WeakReference<>(retiredAfterUse(book));
		Awaitility.await().until(() -> {
			System.gc();
			return retired.get() == null;
		});
		assertThat(book.pending()).isZero();
	}

	private static RouteSlots<Connection> retiredAfterUse(ConnectionBook<Connection> book) {
		BookFixture other = new BookFixture(1, 1, 1);
		Connection connection = leased(other, other.route());
		RouteSlots<Connection> route = new RouteSlots<>();
		PendingAcquire<Connection> acquire = new PendingAcquire<>(route, null);
		assertThat(book.enter(acquire, 0)).isEqualTo(EnterResult.GRANTED);
		assertThat(book.tryReserveIdle(route, 1)).isTrue();
		assertThat(book.becomeIdle(route, connection)).isTrue();
		assertThat(connection.tryLease()).isTrue();
		book.idleClosed(route, connection);
		assertThat(book.retire(route)).isTrue();
		return route;
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	/**
	 * A user token that cannot be compared.
	 */
	private static final class BrokenToken {

		private final RuntimeException failure;

		BrokenToken(RuntimeException failure) {
			this.failure = failure;
		}

		@Override
		public boolean equals(Object other) {
			throw this.failure;
		}

		@Override
		public int hashCode() {
			return 0;
		}

	}

	/**
	 * A caller that waits in a thread of its own.
	 */
	private static final class Waiting {

		final CompletableFuture<Connection> result = new CompletableFuture<>();

		volatile PendingAcquire<Connection> acquire;

		Waiting(BookFixture fixture, RouteSlots<Connection> route, Object userToken) {
			Thread thread = new Thread(() -> {
				try {
					this.acquire = new PendingAcquire<>(route, userToken);
					this.result.complete(fixture.lease(route, this.acquire));
				}
				catch (Throwable ex) {
					this.result.completeExceptionally(ex);
				}
			}, "waiting");
			thread.setDaemon(true);
			thread.start();
		}

		Connection get() throws Exception {
			return this.result.get(20, TimeUnit.SECONDS);
		}

	}

}
