package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.ReusePolicy;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for connections that are idle: who gets them, and that none of them is lost.
 */
@Tag("waiting")
@Timeout(120)
class IdleConnectionsTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void nextCallerGetsTheConnectionReturnedLast() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse one = pool.open(new HttpGet(upstream.uri("/")));
			CloseableHttpResponse two = pool.open(new HttpGet(upstream.uri("/")));
			one.close();
			two.close();
			Route route = route(pool);
			PooledConnection last = route.slots.idle.peekFirst();
			assertThat(last).isNotNull();
			assertThat(last.isIdle()).isTrue();
			CloseableHttpResponse next = pool.open(new HttpGet(upstream.uri("/")));
			assertThat(last.isIdle()).isFalse();
			next.close();
		}
	}

	@Test
	void idleConnectionMakesRoomForAnotherRouteEvenIfNoCallerMayWait() throws Exception {
		try (ScriptedUpstream one = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(2).maxPerRoute(2).maxPending(0))) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			held.add(pool.open(new HttpGet(one.uri("/"))));
			held.add(pool.open(new HttpGet(one.uri("/"))));
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 2, 0));
			assertThat(pool.get(other.uri("/"))).isEqualTo("hello");
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 2, 0));
			assertThat(pool.get(one.uri("/"))).isEqualTo("hello");
			assertThat(one.accepted()).as("one of two was closed").isEqualTo(2);
		}
	}

	@Test
	void closedIdleConnectionTakesNoSlot() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0))) {
			for (int i = 1; i <= 20; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(upstream.accepted()).isEqualTo(i);
				pool.pool.evict();
				assertThat(route(pool).slots.idle).isEmpty();
			}
		}
	}

	@Test
	void interruptedCallerTakesNoConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			Thread.currentThread().interrupt();
			Throwable thrown = catchThrowable(() -> pool.get(upstream.uri("/")));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(thrown).isInstanceOf(CancellationException.class);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).as("the connection is still the first").isEqualTo(1);
		}
	}

	@Test
	void noCallerWaitsWhileAConnectionIsIdle() throws Exception {
		int callers = 16;
		int calls = 1500;
		AtomicInteger served = new AtomicInteger();
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		try (ScriptedUpstream one = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(3)
					.maxPerRoute(2)
					.maxPending(callers)
					.acquireTimeout(Duration.ofSeconds(60)));
				Sampler sampler = new Sampler(pool.pool)) {
			URI[] uris = { one.uri("/"), other.uri("/") };
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				int caller = i;
				Thread thread = new Thread(() -> {
					for (int call = 0; call < calls && failures.isEmpty(); call++) {
						try {
							pool.get(uris[(caller + call / 3) % 2]);
							served.incrementAndGet();
						}
						catch (Throwable ex) {
							failures.add(ex);
						}
					}
				});
				threads.add(thread);
				thread.start();
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			assertThat(served).hasValue(callers * calls);
			soon().until(() -> pool.leased() == 0);
			assertThat(pool.snapshot().connections().pending()).isZero();
		}
	}

	private static Route route(PoolFixture pool) {
		return pool.pool.connections().routes().all().iterator().next();
	}

	@ParameterizedTest
	@EnumSource
	void propertyOfTheReusePolicyOverridesACustomizer(ReusePolicy policy) throws Exception {
		HttpPoolCustomizer otherwise = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections
					.setConnPoolPolicy((policy == ReusePolicy.FIFO) ? PoolReusePolicy.LIFO : PoolReusePolicy.FIFO);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.customized((settings) -> settings.reusePolicy(policy), otherwise)) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/"))));
			}
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			int expected = (policy == ReusePolicy.LIFO) ? 2 : 0;
			pool.get(upstream.uri("/last"));
			assertThat(upstream.requests()).last().returns(expected, ScriptedUpstream.Request::connection);
		}
	}

	@Test
	void noSlotIsLostDuringConcurrentOperations() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			switch (ThreadLocalRandom.current().nextInt(8)) {
				case 0 -> exchange.ok("hello").close();
				case 1 -> exchange.ok("hello".getBytes(), "Connection: close").close();
				case 2 -> exchange.ok(new byte[100_000]);
				case 3 -> exchange.sendRaw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhellosurplus");
				case 4 -> exchange.reset();
				default -> exchange.ok("hello");
			}
		};
		AtomicBoolean done = new AtomicBoolean();
		try (ScriptedUpstream one = ScriptedUpstream.plain(script).forgetful();
				ScriptedUpstream other = ScriptedUpstream.plain(script).forgetful();
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(5).maxPerRoute(3).acquireTimeout(Duration.ofSeconds(5)));
				Crowd crowd = new Crowd(12)) {
			Thread chaos = new Thread(() -> {
				while (!done.get()) {
					ThreadLocalRandom random = ThreadLocalRandom.current();
					switch (random.nextInt(4)) {
						case 0 -> pool.pool.evict();
						case 1 -> pool.pool.resize(1 + random.nextInt(5), 1 + random.nextInt(3));
						case 2 -> pool.change((settings) -> settings.maxIdlePerRoute(random.nextInt(4)));
						default -> pool.pool.closeIdle();
					}
					Pause.ofNanos(random.nextInt(3_000_000));
				}
			});
			chaos.start();
			crowd.all(400, (caller, time) -> {
				ThreadLocalRandom random = ThreadLocalRandom.current();
				HttpGet get = new HttpGet((random.nextBoolean() ? one : other).uri("/"));
				int kind = random.nextInt(10);
				if (kind == 0) {
					Thread.currentThread().interrupt();
				}
				try {
					if (kind == 1) {
						CompletableFuture.runAsync(get::abort);
					}
					try (CloseableHttpResponse response = pool.open(get)) {
						if (kind < 5) {
							response.getEntity().getContent().readNBytes(random.nextInt(10));
						}
					}
				}
				catch (AcquireTimeoutException ex) {
					throw ex;
				}
				catch (IOException | CancellationException ex) {
					// The server's doing, or this caller's own.
				}
				finally {
					Thread.interrupted();
				}
			});
			done.set(true);
			chaos.join();
			pool.pool.resize(5, 3);
			soon().until(() -> pool.leased() == 0);
			for (ScriptedUpstream upstream : List.of(one, other)) {
				List<CloseableHttpResponse> held = new ArrayList<>();
				while (held.size() < 3) {
					try {
						held.add(pool.open(new HttpGet(upstream.uri("/"))));
					}
					catch (IOException ex) {
						assertThat(ex).isNotInstanceOf(AcquireTimeoutException.class);
					}
				}
				for (CloseableHttpResponse response : held) {
					response.close();
				}
			}
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

}
