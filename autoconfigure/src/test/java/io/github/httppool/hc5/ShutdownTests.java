package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.httppool.hc5.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the end of a pool.
 */
@Timeout(60)
class ShutdownTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void waitingCallersAreToldOfTheStop() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = narrow();
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			List<CompletableFuture<String>> waiting = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				waiting.add(LeaseLimitTests.inThread("waiting-" + i, () -> pool.get(upstream.uri("/"))));
			}
			soon().until(() -> pool.snapshot().connections().pending() == 5);
			assertThat(pool.pool.stop(Duration.ofMillis(50))).isFalse();
			for (CompletableFuture<String> end : waiting) {
				assertShutDown(end, upstream);
			}
			assertThat(pool.snapshot().connections().pending()).isZero();
			assertThatExceptionOfType(PoolShutdownException.class).as("comes later, would wait")
				.isThrownBy(() -> pool.get(upstream.uri("/")));
		}
	}

	@Test
	void waitingCallersAreToldOfTheShutdown() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = narrow();
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			CompletableFuture<String> waiting = LeaseLimitTests.inThread("waiting", () -> pool.get(upstream.uri("/")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			pool.pool.shutDown();
			assertShutDown(waiting, upstream);
		}
	}

	@Test
	void leasedConnectionMayFinishWithinTheTime() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(
				(exchange) -> exchange.head(200, "Content-Length: 5").after(Duration.ofMillis(300)).sendRaw("hello"));
				PoolFixture pool = narrow()) {
			CompletableFuture<String> call = LeaseLimitTests.inThread("call", () -> pool.get(upstream.uri("/")));
			soon().until(() -> upstream.requests().size() == 1);
			assertThat(pool.pool.stop(Duration.ofSeconds(20))).isTrue();
			assertThat(call.get(5, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.SHUTDOWN)).isEqualTo(1);
		}
	}

	@Test
	void stopDoesNotWaitLongerThanItMay() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = narrow();
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			long started = System.nanoTime();
			assertThat(pool.pool.stop(Duration.ofMillis(200))).isFalse();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(200),
					Duration.ofSeconds(2));
		}
	}

	@Test
	void stopWaitsForNoCallThatBeganAfterIt() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse before = pool.open(new HttpGet(upstream.uri("/before")));
			CompletableFuture<Boolean> stop = LeaseLimitTests.inThread("stop",
					() -> pool.pool.stop(Duration.ofSeconds(30)));
			soon().until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.anyMatch((thread) -> thread.getName().equals("stop")
						&& thread.getState() == Thread.State.TIMED_WAITING));
			try (CloseableHttpResponse after = pool.open(new HttpGet(upstream.uri("/after")))) {
				before.close();
				assertThat(stop.get(10, TimeUnit.SECONDS)).isTrue();
				assertThat(pool.leased()).isOne();
			}
			pool.assertConnections(2, Map.of(CloseReason.SHUTDOWN, 2L));
		}
	}

	@Test
	void interruptEndsTheWaitOfAStop() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = narrow();
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			Thread.currentThread().interrupt();
			long started = System.nanoTime();
			assertThat(pool.pool.stop(Duration.ofSeconds(50))).isFalse();
			assertThat(Thread.interrupted()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
		}
	}

	@Test
	void poolGoesOnWhenItIsStartedAfterAStop() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			assertThat(pool.pool.stop(Duration.ofSeconds(5))).isTrue();
			assertThat(pool.closed(CloseReason.SHUTDOWN)).isEqualTo(1);
			assertThat(pool.get(upstream.uri("/"))).as("for those who must say goodbye").isEqualTo("hello");
			assertThat(pool.snapshot().connections().idle()).isZero();
			pool.pool.start();
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
			assertThat(upstream.accepted()).isEqualTo(3);
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
			pool.pool.stop(Duration.ofSeconds(30));
			pool.pool.shutDown();
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
	void callInFlightIsToldOfTheShutdown() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(AccountingTests.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			List<CompletableFuture<String>> calls = new ArrayList<>();
			calls.add(LeaseLimitTests.inThread("stall", () -> pool.get(upstream.uri("/stall"))));
			calls.add(LeaseLimitTests.inThread("drip", () -> pool.get(upstream.uri("/drip"))));
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
		return GivingUpTests.steps();
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
