package io.github.httppool.hc5.net;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;

import io.github.httppool.hc5.observe.LogWriter;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the housekeeping thread of a pool.
 */
@Tag("waiting")
@Timeout(60)
class HousekeeperTests {

	private static final String NAME = "housekeeper-tests";

	private final AtomicInteger sweeps = new AtomicInteger();

	private Housekeeper housekeeper = new Housekeeper(NAME, counting((now) -> Long.MAX_VALUE), () -> 0,
			new LogWriter(NAME).warnings(Housekeeper.class));

	@AfterEach
	void stop() {
		this.housekeeper.stop();
		assertThat(thread()).isEmpty();
	}

	@Test
	void poolHasNoThreadBeforeItIsUsed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(thread("default")).isEmpty();
			pool.get(upstream.uri("/"));
			assertThat(thread("default")).get().satisfies((thread) -> assertThat(thread.isDaemon()).isTrue());
		}
		assertThat(thread("default")).isEmpty();
	}

	@Test
	void sweepThatThrowsIsTriedAgain() {
		this.housekeeper = new Housekeeper(NAME, counting((now) -> {
			if (this.sweeps.get() == 1) {
				throw new IllegalStateException("of a sweep");
			}
			if (this.sweeps.get() == 2) {
				throw new StackOverflowError("of a sweep");
			}
			return TimeUnit.MILLISECONDS.toNanos(1);
		}), () -> 0, new LogWriter(NAME).warnings(Housekeeper.class));
		this.housekeeper.start();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.sweeps.get() > 5);
	}

	@Test
	void housekeeperMayStopItself() {
		this.housekeeper = new Housekeeper(NAME, counting((now) -> {
			this.housekeeper.stop();
			return TimeUnit.MILLISECONDS.toNanos(1);
		}), () -> 0, new LogWriter(NAME).warnings(Housekeeper.class));
		this.housekeeper.start();
		soon().until(() -> this.sweeps.get() == 1 && thread().isEmpty());
		assertThat(this.sweeps).hasValue(1);
	}

	@Test
	void watchThatThrowsStopsNoOther() throws Exception {
		CountDownLatch fired = new CountDownLatch(3);
		for (int i = 0; i < 3; i++) {
			this.housekeeper.schedule(watch(Duration.ofMillis(10), () -> {
				fired.countDown();
				throw new AssertionError("of a watch");
			}));
		}
		assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
		assertFires();
	}

	@Test
	void housekeeperSleepsWhileThereIsNothingToDo() {
		this.housekeeper.start();
		soon().until(() -> thread().map(Thread::getState).orElse(null) == Thread.State.WAITING);
		int before = this.sweeps.get();
		await().during(Duration.ofMillis(500))
			.atMost(Duration.ofSeconds(5))
			.until(() -> this.sweeps.get() == before
					&& thread().map(Thread::getState).orElse(null) == Thread.State.WAITING);
	}

	@Test
	void interruptsAreSurvivedAndCostNoSpinning() throws Exception {
		this.housekeeper.start();
		for (int i = 0; i < 100; i++) {
			thread().orElseThrow().interrupt();
			assertFires();
		}
		soon().until(() -> thread().map(Thread::getState).orElse(null) == Thread.State.WAITING);
	}

	@Test
	void everyTimeoutFiresEvenIfOthersAreScheduledMeanwhile() throws Exception {
		int threads = 8;
		int watches = 300;
		CountDownLatch fired = new CountDownLatch(threads * watches);
		try (Crowd crowd = new Crowd(threads)) {
			crowd.all(watches, (caller, time) -> {
				CountDownLatch one = new CountDownLatch(1);
				this.housekeeper.schedule(watch(Duration.ofNanos((caller * 37 + time * 11) % 500 * 1000L), () -> {
					fired.countDown();
					one.countDown();
				}));
				assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
			});
		}
		assertThat(fired.getCount()).isZero();
	}

	@Test
	void watchFiresNeitherEarlyNorAfterItWasEnded() throws Exception {
		AtomicInteger fired = new AtomicInteger();
		ScheduledTimeout ended = watch(Duration.ofMillis(100), fired::incrementAndGet);
		this.housekeeper.schedule(ended);
		assertThat(this.housekeeper.cancel(ended)).isTrue();
		long started = System.nanoTime();
		CountDownLatch later = new CountDownLatch(1);
		this.housekeeper.schedule(watch(Duration.ofMillis(200), later::countDown));
		assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
		assertThat(fired).hasValue(0);
	}

	@Test
	void sweepsKeepTheirDistanceHoweverOftenTheyAreRequested() throws Exception {
		this.housekeeper.start();
		long started = System.nanoTime();
		while (System.nanoTime() - started < Duration.ofMillis(500).toNanos()) {
			this.housekeeper.wakeAt(System.nanoTime());
			assertFires();
		}
		long most = (System.nanoTime() - started) / SweepSchedule.MIN_INTERVAL + 2;
		assertThat(this.sweeps.get()).isLessThanOrEqualTo((int) most);
		soon().until(() -> {
			this.housekeeper.wakeAt(System.nanoTime());
			return this.sweeps.get() >= 3;
		});
	}

	@Test
	void watchWhoseThreadIsLateFiresAShortTimeLater() throws Exception {
		CountDownLatch fired = new CountDownLatch(1);
		long started = System.nanoTime();
		this.housekeeper.schedule(new ScheduledTimeout(started, 0) {

			@Override
			protected boolean isThreadLate() {
				return true;
			}

			@Override
			protected void expired() {
				fired.countDown();
			}

		});
		assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(ScheduledTimeout.READER_GRACE);
	}

	@Test
	void sweepsOverManyKeepAGreaterDistance() throws Exception {
		this.housekeeper = new Housekeeper(NAME, counting((now) -> TimeUnit.MILLISECONDS.toNanos(1)), () -> 1_000_000,
				new LogWriter(NAME).warnings(Housekeeper.class));
		this.housekeeper.start();
		long started = System.nanoTime();
		soon().until(() -> this.sweeps.get() == 4);
		assertThat(System.nanoTime() - started).isGreaterThan(2 * SweepSchedule.MAX_INTERVAL);
	}

	@Test
	void stoppedHousekeeperDoesNotStartAgain() {
		this.housekeeper.start();
		this.housekeeper.stop();
		this.housekeeper.start();
		assertThat(thread()).isEmpty();
	}

	private void assertFires() throws InterruptedException {
		CountDownLatch fired = new CountDownLatch(1);
		this.housekeeper.schedule(watch(Duration.ZERO, fired::countDown));
		assertThat(fired.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private LongUnaryOperator counting(LongUnaryOperator sweep) {
		return (now) -> {
			this.sweeps.incrementAndGet();
			return sweep.applyAsLong(now);
		};
	}

	private static ScheduledTimeout watch(Duration delay, Runnable action) {
		return new ScheduledTimeout(System.nanoTime(), delay.toNanos()) {

			@Override
			protected void expired() {
				action.run();
			}

		};
	}

	private static Optional<Thread> thread() {
		return thread(NAME);
	}

	private static Optional<Thread> thread(String pool) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().equals("http-pool-" + pool))
			.findAny();
	}

}
