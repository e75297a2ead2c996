package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.LoggedLines;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the shutdown of a pool.
 */
@Tag("waiting")
@Timeout(60)
class ShutdownTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void waitingAndNewCallersFailWhileCallsInProgressFinish() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			answer.await(20, TimeUnit.SECONDS);
			exchange.ok("hello");
		}); PoolFixture pool = narrow()) {
			CompletableFuture<String> underWay = CallerThread.inThread("call", () -> pool.get(upstream.uri("/")));
			soon().until(() -> upstream.requests().size() == 1);
			CompletableFuture<String> waiting = CallerThread.inThread("waiting",
					() -> pool.get(upstream.uri("/waiting")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			CompletableFuture<Duration> end = shutDownInThread(pool);
			assertShutDown(waiting, upstream);
			assertThatExceptionOfType(PoolShutdownException.class).isThrownBy(() -> pool.get(upstream.uri("/new")));
			answer.countDown();
			assertThat(underWay.get(5, TimeUnit.SECONDS)).isEqualTo("hello");
			end.get(5, TimeUnit.SECONDS);
			assertThat(upstream.requests()).hasSize(1);
			pool.assertConnections(1, Map.of(CloseReason.SHUTDOWN, 1L));
		}
	}

	@Test
	void redirectOfACallUnderWayIsFollowed() throws Exception {
		CountDownLatch answer = new CountDownLatch(1);
		try (ScriptedUpstream second = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream first = ScriptedUpstream.plain((exchange) -> {
					answer.await(20, TimeUnit.SECONDS);
					exchange.head(302, "Location: " + second.uri("/"), "Content-Length: 0");
				});
				PoolFixture pool = PoolFixture.withDefaults();
				LoggedLines log = LoggedLines.of(PoolShutdown.LOGGER)) {
			CompletableFuture<String> underWay = CallerThread.inThread("call", () -> pool.get(first.uri("/")));
			soon().until(() -> first.requests().size() == 1);
			ConnectionPool connections = pool.pool.connections();
			connections.refuseCalls();
			answer.countDown();
			assertThat(underWay.get(5, TimeUnit.SECONDS)).isEqualTo("hello");
			HttpClientPool.shutDown(List.of(pool.pool));
			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void responseThatNoThreadReadsIsClosedSoonAndNamed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.withDefaults();
				LoggedLines log = LoggedLines.of(PoolShutdown.LOGGER);
				CloseableHttpResponse forgotten = pool.open(new HttpGet(upstream.uri("/forgotten?secret=1")));
				CloseableHttpResponse other = pool.open(new HttpGet(upstream.uri("/other")))) {
			Duration took = shutDownInThread(pool).get(10, TimeUnit.SECONDS);
			assertThat(took).isBetween(PoolShutdown.UNREAD_GRACE, PoolShutdown.GRACE);
			assertThat(log.lines()).singleElement()
				.asString()
				.contains("Pool 'default' closes 2 connections that are still leased",
						"GET /forgotten to " + upstream.url(), "GET /other", "since 20",
						"by thread '" + Thread.currentThread().getName() + "'", "no thread reads", "@PreDestroy")
				.doesNotContain("secret");
			soon().until(() -> upstream.open() == 0);
			forgotten.close();
			other.close();
			pool.assertConnections(2, Map.of(CloseReason.SHUTDOWN, 2L));
		}
	}

	@Test
	void responseThatIsReadNowAndThenIsWaitedForUntilItsEnd() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Content-Length: 5").sendRaw("xxxxx");
		}); PoolFixture pool = PoolFixture.withDefaults(); LoggedLines log = LoggedLines.of(PoolShutdown.LOGGER)) {
			CompletableFuture<Duration> end;
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				end = shutDownInThread(pool);
				soon().until(pool.pool.connections()::isStopping);
				assertThat(response.getEntity().getContent().read()).isEqualTo('x');
				assertThat(response.getEntity().getContent().readAllBytes()).hasSize(4);
			}
			end.get(10, TimeUnit.SECONDS);
			assertThat(log.lines()).isEmpty();
		}
	}

	@Test
	void endlessStreamIsClosedAfterTheGrace() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.withDefaults();
				LoggedLines log = LoggedLines.of(PoolShutdown.LOGGER)) {
			CompletableFuture<String> stream = CallerThread.inThread("reader", () -> pool.get(upstream.uri("/drip")));
			soon().until(() -> upstream.requests().size() == 1);
			Duration took = shutDownInThread(pool).get(20, TimeUnit.SECONDS);
			assertThat(took).isBetween(PoolShutdown.GRACE, PoolShutdown.GRACE.plusSeconds(5));
			assertShutDown(stream, upstream);
			assertThat(log.lines()).singleElement()
				.asString()
				.contains("a connection that is still leased 2", "GET /drip", "by thread 'reader'");
		}
	}

	@Test
	void interruptEndsTheGrace() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = narrow()) {
			CompletableFuture<String> call = CallerThread.inThread("call", () -> pool.get(upstream.uri("/stall")));
			soon().until(() -> upstream.requests().size() == 1);
			Thread.currentThread().interrupt();
			HttpClientPool.shutDown(List.of(pool.pool));
			assertThat(Thread.interrupted()).isTrue();
			assertShutDown(call, upstream);
		}
	}

	@Test
	void poolGoesOnAfterItsIdleConnectionsAreClosed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.pool.closeIdle();
			assertThat(pool.closed(CloseReason.SHUTDOWN)).isEqualTo(1);
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
			assertThat(upstream.accepted()).isEqualTo(2);
		}
	}

	@Test
	void poolsThatEndTogetherShareOneGrace() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture one = PoolFixture.withDefaults();
				PoolFixture two = PoolFixture.withDefaults();
				LoggedLines log = LoggedLines.of(PoolShutdown.LOGGER);
				CloseableHttpResponse first = one.open(new HttpGet(upstream.uri("/")));
				CloseableHttpResponse second = two.open(new HttpGet(upstream.uri("/")))) {
			HttpClientPool.shutDown(List.of(one.pool, two.pool));
			assertThat(log.lines()).hasSize(2);
			assertThatExceptionOfType(PoolShutdownException.class).isThrownBy(() -> two.get(upstream.uri("/")));
		}
	}

	@Test
	void nothingSurvivesTheShutdownOfAnIdlePool() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener);
				Crowd crowd = new Crowd(10)) {
			crowd.all(5, (caller, time) -> pool.get(upstream.uri("/")));
			assertThat(poolThreads()).isNotEmpty();
			long started = System.nanoTime();
			HttpClientPool.shutDown(List.of(pool.pool));
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
			soon().until(() -> poolThreads().isEmpty());
			assertThat(pool.snapshot().connections().idle()).isZero();
			events.assertComplete(pool.snapshot());
			soon().until(() -> upstream.open() == 0);
			int accepted = upstream.accepted();
			assertThatExceptionOfType(PoolShutdownException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(upstream.accepted()).isEqualTo(accepted);
			soon().until(() -> poolThreads().isEmpty());
			pool.pool.shutDown();
			pool.pool.resize(5, 5);
			pool.pool.evict();
		}
	}

	@Test
	void callInProgressFailsWithTheShutdown() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			List<CompletableFuture<String>> calls = new ArrayList<>();
			calls.add(CallerThread.inThread("stall", () -> pool.get(upstream.uri("/stall"))));
			calls.add(CallerThread.inThread("drip", () -> pool.get(upstream.uri("/drip"))));
			soon().until(() -> upstream.requests().size() == 2);
			pool.pool.shutDown();
			for (CompletableFuture<String> call : calls) {
				assertShutDown(call, upstream);
			}
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.SHUTDOWN)).isEqualTo(2);
			events.assertComplete(pool.snapshot());
		}
	}

	static List<String> steps() {
		return RecordedEvents.STEPS;
	}

	@ParameterizedTest
	@MethodSource("steps")
	void shutdownBetweenAnyTwoStepsLeavesNothingBehind(String step) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			events.once(step, pool.pool::shutDown);
			assertThatExceptionOfType(PoolShutdownException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().idle()).isZero();
			events.assertComplete(pool.snapshot());
			soon().until(() -> upstream.open() == 0);
			soon().until(() -> poolThreads().isEmpty());
		}
	}

	@Test
	void shutdownOfABusyPoolLosesNothing() throws Exception {
		for (int round = 0; round < 40; round++) {
			RecordedEvents events = new RecordedEvents();
			AtomicReference<Throwable> surprise = new AtomicReference<>();
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
					PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(6), events.listener);
					Crowd crowd = new Crowd(12)) {
				int latest = round;
				crowd.all(1, (caller, time) -> {
					if (caller == 0) {
						soon().until(() -> upstream.requests().size() > latest * 3);
						pool.pool.shutDown();
						return;
					}
					while (true) {
						try {
							pool.get(upstream.uri("/"));
						}
						catch (PoolShutdownException ex) {
							return;
						}
						catch (Throwable ex) {
							surprise.set(ex);
							return;
						}
					}
				});
				assertThat(surprise.get()).isNull();
				assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
				events.assertComplete(pool.snapshot());
				soon().until(() -> upstream.open() == 0);
			}
		}
	}

	@Test
	void closingAClientDoesNotCloseThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.client.close();
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.open()).isEqualTo(1);
		}
	}

	private static CompletableFuture<Duration> shutDownInThread(PoolFixture pool) {
		return CallerThread.inThread("end", () -> {
			long begun = System.nanoTime();
			HttpClientPool.shutDown(List.of(pool.pool));
			return Duration.ofNanos(System.nanoTime() - begun);
		});
	}

	private static void assertShutDown(CompletableFuture<String> call, ScriptedUpstream upstream) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> call.get(5, TimeUnit.SECONDS))
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(PoolShutdownException.class)
				.isInstanceOf(IOException.class)
				.hasMessageContaining("Pool 'default'")
				.hasMessageContaining(upstream.url())
				.hasMessageContaining("shut down"));
	}

	private static List<String> poolThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter(Thread::isAlive)
			.map(Thread::getName)
			.filter((name) -> name.startsWith("http-pool-"))
			.toList();
	}

	private static PoolFixture narrow() {
		return PoolFixture.with((settings) -> settings.maxTotal(1).acquireTimeout(Duration.ofSeconds(20)));
	}

}
