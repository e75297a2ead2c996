package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a blocked listener delays at most the call that it listens to: never the
 * pool, its housekeeper, or another listener.
 */
@Tag("slow")
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class BlockingListenerTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private final CountDownLatch unblock = new CountDownLatch(1);

	private final AtomicInteger blocked = new AtomicInteger();

	@AfterEach
	void unblock() {
		this.unblock.countDown();
	}

	/** How a connection can be closed that nobody holds. */
	static List<Closing> closings() {
		return List.of(new Closing("idle-timeout", CloseReason.IDLE_TIMEOUT, (pool, one, other) -> {
		}), new Closing("half-closed", CloseReason.STALE, (pool, one, other) -> one.lastConnection().halfClose()),
				new Closing("evicted by the owner", CloseReason.EVICTED, (pool, one, other) -> pool.pool.evict()),
				new Closing("evicted for another route", CloseReason.EVICTED, (pool, one, other) -> {
					try (CloseableHttpResponse held = pool.open(new HttpGet(one.uri("/held")))) {
						pool.get(other.uri("/"));
					}
					pool.get(other.uri("/"));
					try (CloseableHttpResponse first = pool.open(new HttpGet(one.uri("/")));
							CloseableHttpResponse second = pool.open(new HttpGet(one.uri("/")))) {
						assertThat(first.getCode()).isEqualTo(second.getCode());
					}
				}), new Closing("stale at its lease", CloseReason.STALE, (pool, one, other) -> {
					one.lastConnection().close();
					pool.get(one.uri("/"));
				}), new Closing("resize", CloseReason.EVICTED, (pool, one, other) -> {
					try (CloseableHttpResponse first = pool.open(new HttpGet(one.uri("/")));
							CloseableHttpResponse second = pool.open(new HttpGet(one.uri("/")))) {
						assertThat(first.getCode()).isEqualTo(second.getCode());
					}
					pool.pool.resize(1, 1);
				}));
	}

	@ParameterizedTest
	@MethodSource("closings")
	void closeOfAnIdleConnectionIsReportedWithoutBlockingThePool(Closing closing) throws Exception {
		boolean timed = closing.reason == CloseReason.IDLE_TIMEOUT;
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream one = ScriptedUpstream.plain(Scripts.AS_ASKED);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(2)
					.idleTimeout(timed ? Duration.ofMillis(200) : Duration.ofSeconds(50))
					.validateAfterInactivity(Duration.ZERO), blockingInItsOwnThread(), events.listener)) {
			pool.get(one.uri("/"));
			PoolFixture.awaitIdle(one);
			closing.how.close(pool, one, other);
			soon().until(() -> this.blocked.get() == 1);
			assertThat(pool.closed(closing.reason)).isPositive();
			// The next calls, a drain that only the housekeeper ends, and the next idle
			// connections.
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(other.uri("/"))).isEqualTo("hello");
				assertThat(pool.get(one.uri("/"))).isEqualTo("hello");
			}
			long started = System.nanoTime();
			pool.ignore(one.uri("/drip"));
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
			pool.pool.evict();
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.leased()).isZero();
			// The other listener misses nothing.
			events.assertComplete(pool.snapshot());
			this.unblock.countDown();
		}
	}

	@ParameterizedTest
	@MethodSource("steps")
	void blockedListenerDelaysOnlyOneCall(String step) throws Exception {
		AtomicInteger first = new AtomicInteger();
		HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			if (method.getName().equals(step) && first.getAndIncrement() == 0) {
				block();
			}
			return null;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(2).idleTimeout(Duration.ofMillis(300)), listener)) {
			CompletableFuture<Integer> call = inThread("blocked", () -> pool.ignore(upstream.uri("/close")));
			soon().until(() -> this.blocked.get() == 1);
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(pool.ignore(upstream.uri("/drip"))).isEqualTo(200);
			}
			pool.get(upstream.uri("/"));
			soon().until(() -> pool.closed(CloseReason.IDLE_TIMEOUT) == 1);
			assertThat(call).isNotDone();
			this.unblock.countDown();
			assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(200);
			assertThat(pool.leased()).isZero();
			soon().untilAsserted(() -> RecordedEvents.assertAccounted(pool.snapshot()));
		}
	}

	@Test
	void leakIsReportedWithoutBlockingThePool() throws Exception {
		HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			if (method.getName().equals("leakDetected")) {
				block();
			}
			return null;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofMillis(200)), listener);
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			soon().until(() -> this.blocked.get() == 1);
			assertThat(pool.ignore(upstream.uri("/drip"))).isEqualTo(200);
			assertThat(held.getCode()).isEqualTo(200);
		}
	}

	static Stream<String> steps() {
		return Stream.concat(RecordedEvents.STEPS.stream(), Stream.of("released", "connectionClosed", "callEnded"));
	}

	@Test
	void oneWarningIsLoggedForAListenerThatFallsFarBehind(CapturedOutput output) throws Exception {
		Set<String> told = ConcurrentHashMap.newKeySet();
		Listeners listeners = new Listeners("default", List.of(new HttpPoolListener() {

			@Override
			public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
				block();
				told.add(connection.id());
			}

		}));
		int surplus = 100;
		int toldLater = ListenerDispatcher.MAX_QUEUED + 1;
		for (int i = 0; i < toldLater + surplus; i++) {
			listeners.connectionClosedIdle(
					new ClosedConnection("c-" + i, "default", "http://there", Duration.ZERO, 1, 0, 0),
					CloseReason.IDLE_TIMEOUT);
		}
		this.unblock.countDown();
		soon().until(() -> told.size() == toldLater);
		assertThat(output.toString().split("does not receive all events")).hasSize(2);
		assertThat(output).contains(BlockingListenerTests.class.getName())
			.contains(ListenerDispatcher.MAX_QUEUED + " events");
		listeners.shutDown();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void shutdownReportsTheRestWithoutWaitingForABlockedListener(boolean blocks) throws Exception {
		AtomicInteger told = new AtomicInteger();
		HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			if (method.getName().equals("connectionClosed")) {
				if (blocks) {
					block();
				}
				told.incrementAndGet();
			}
			return null;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener);
				Crowd crowd = new Crowd(10)) {
			crowd.all(5, (caller, time) -> pool.get(upstream.uri("/")));
			long opened = pool.snapshot().totals().opened();
			long started = System.nanoTime();
			pool.pool.shutDown();
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
			if (!blocks) {
				assertThat(told).hasValue((int) opened);
			}
			assertThat(pool.closed(CloseReason.SHUTDOWN)).isEqualTo(opened);
			soon().until(() -> threads().isEmpty());
		}
	}

	@Test
	void listenerMayShutThePoolDownFromItsOwnThread() throws Exception {
		CompletableFuture<Void> shutDown = new CompletableFuture<>();
		PoolFixture[] fixture = new PoolFixture[1];
		HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			if (method.getName().equals("connectionClosed")) {
				fixture[0].pool.shutDown();
				shutDown.complete(null);
			}
			return null;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			fixture[0] = pool;
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			shutDown.get(10, TimeUnit.SECONDS);
			soon().until(() -> threads().isEmpty());
		}
	}

	@Test
	void threadForListenersExistsOnlyWhileItIsNeeded() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/close"));
			assertThat(threads()).isEmpty();
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			soon().until(() -> events.closed.size() == 2);
			assertThat(threads()).singleElement().satisfies((thread) -> assertThat(thread.isDaemon()).isTrue());
			soon().atMost(Duration.ofSeconds(20)).until(() -> threads().isEmpty());
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			soon().until(() -> events.closed.size() == 3);
		}
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().equals("http-pool-default-listener"))
			.toList();
	}

	private HttpPoolListener blockingInItsOwnThread() {
		return RecordedEvents.listener((proxy, method, arguments) -> {
			if (Thread.currentThread().getName().endsWith("-listener")) {
				assertThat(method.getName()).isEqualTo("connectionClosed");
				block();
			}
			return null;
		});
	}

	private void block() {
		this.blocked.incrementAndGet();
		try {
			this.unblock.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Closing(String name, CloseReason reason, How how) {

		@Override
		public String toString() {
			return this.name;
		}

		interface How {

			void close(PoolFixture pool, ScriptedUpstream one, ScriptedUpstream other) throws Exception;

		}

	}

}
