package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests with many more callers than connections: each call ends, one way or another, and
 * the pool is intact afterwards.
 */
@Tag("waiting")
@Timeout(120)
class OverloadTests {

	private static final int CALLERS = 2000;

	private static final int CONNECTIONS = 10;

	private static final int MAX_PENDING = 1000;

	private static final int SURPLUS = CALLERS - CONNECTIONS - MAX_PENDING;

	@Test
	void surplusIsRefusedAtOnceAndAllOthersAreServed() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		Tries tries = new Tries();
		try (ScriptedUpstream upstream = gated(gate);
				PoolFixture pool = overloaded(Duration.ofSeconds(90));
				Sampler sampler = new Sampler(pool.pool)) {
			List<Thread> callers = start(CALLERS, (caller) -> tries.call(pool, upstream.uri("/" + caller)));
			soon().atMost(Duration.ofSeconds(60)).until(() -> tries.ended() == SURPLUS);
			assertThat(tries.refused).hasValue(SURPLUS);
			assertThat(tries.slowestRefusal()).as("against an acquire timeout of 90 s")
				.isLessThan(Duration.ofSeconds(20));
			assertThat(pool.snapshot().connections())
				.isEqualTo(new PoolSnapshot.Connections(CONNECTIONS, 0, MAX_PENDING));
			gate.countDown();
			join(callers);
			assertThat(tries.served).hasValue(CONNECTIONS + MAX_PENDING);
			assertThat(tries.other).isEmpty();
			assertThat(pool.snapshot().totals().acquireRejected()).isEqualTo(SURPLUS);
			assertThat(upstream.accepted()).isEqualTo(CONNECTIONS);
			assertIntact(pool, Map.of(upstream, CONNECTIONS), CONNECTIONS);
		}
	}

	@Test
	void callersThatWaitTooLongLearnWhyAndTheNextAreServed() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		Duration timeout = Duration.ofSeconds(2);
		Tries tries = new Tries();
		try (ScriptedUpstream upstream = gated(gate);
				PoolFixture pool = overloaded(timeout);
				Sampler sampler = new Sampler(pool.pool)) {
			List<Thread> callers = start(MAX_PENDING, (caller) -> tries.call(pool, upstream.uri("/" + caller)));
			soon().atMost(Duration.ofSeconds(60)).until(() -> tries.ended() == MAX_PENDING - CONNECTIONS);
			assertThat(tries.timedOut).hasValue(MAX_PENDING - CONNECTIONS);
			assertThat(tries.slowestTimeout()).isBetween(timeout, timeout.plusSeconds(20));
			assertThat(tries.explanations).hasSize(MAX_PENDING - CONNECTIONS)
				.allSatisfy((caller, message) -> assertThat(message).contains("http-pool.acquire-timeout", "2s",
						"The route was at its limit: http-pool.max-per-route", "Longest-held lease: "));
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(CONNECTIONS, 0, 0));
			gate.countDown();
			join(callers);
			assertThat(tries.served).hasValue(CONNECTIONS);
			assertThat(tries.other).isEmpty();
			assertIntact(pool, Map.of(upstream, CONNECTIONS), CONNECTIONS);
		}
	}

	@Test
	void thousandCallersAreServedInTheOrderInWhichTheyCame() throws Exception {
		CountDownLatch gate = new CountDownLatch(1);
		Tries tries = new Tries();
		try (ScriptedUpstream upstream = gated(gate);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1)
					.maxPending(MAX_PENDING)
					.acquireTimeout(Duration.ofSeconds(90)))) {
			List<Thread> callers = new ArrayList<>();
			List<String> expected = new ArrayList<>();
			for (int i = 0; i <= MAX_PENDING; i++) {
				int number = i;
				expected.add("/" + number);
				Thread caller = start(1, (one) -> tries.call(pool, upstream.uri("/" + number))).get(0);
				callers.add(caller);
				soon().pollInterval(Duration.ofNanos(50_000))
					.until(() -> (number == 0) ? upstream.requests().size() == 1
							: pool.snapshot().connections().pending() == number
									&& caller.getState() == Thread.State.WAITING);
			}
			gate.countDown();
			join(callers);
			assertThat(upstream.requests()).extracting(ScriptedUpstream.Request::path).isEqualTo(expected);
			assertThat(tries.served).hasValue(MAX_PENDING + 1);
			assertIntact(pool, Map.of(upstream, 1), 1);
		}
	}

	@Test
	void everyCallEndsHoweverItsNeighboursEnd() throws Exception {
		long seed = System.nanoTime();
		System.out.println("Seed of the overload with random ends: " + seed);
		int callers = 300;
		int times = 25;
		Tries tries = new Tries();
		RecordedEvents events = new RecordedEvents();
		ScheduledExecutorService ends = Executors.newScheduledThreadPool(2);
		try (ScriptedUpstream one = ScriptedUpstream.plain(OverloadTests::answer);
				ScriptedUpstream two = ScriptedUpstream.plain(OverloadTests::answer);
				ScriptedUpstream three = ScriptedUpstream.plain(OverloadTests::answer);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(CONNECTIONS)
					.maxPerRoute(6)
					.maxIdlePerRoute(4)
					.maxPending(200)
					.drainMaxTime(Duration.ofMillis(5))
					.acquireTimeout(Duration.ofSeconds(30)), events.listener)) {
			List<ScriptedUpstream> upstreams = List.of(one, two, three);
			try (Sampler sampler = new Sampler(pool.pool)) {
				join(start(callers, (caller) -> {
					for (int time = 0; time < times; time++) {
						Random random = new Random(seed + caller * 1000L + time);
						ScriptedUpstream upstream = upstreams.get(random.nextInt(upstreams.size()));
						tries.callWithRandomEnd(pool, upstream, random, ends);
					}
				}));
			}
			assertThat(tries.ended()).as("seed %d", seed).isEqualTo(callers * times);
			assertThat(tries.other).as("seed %d", seed).isEmpty();
			assertThat(List.of(tries.served.get(), tries.refused.get(), tries.timedOut.get(), tries.failed.get()))
				.as("served, refused, timed out, failed; seed %d", seed)
				.allSatisfy((count) -> assertThat(count).isGreaterThan(20));
			assertIntact(pool, Map.of(one, 6, two, 6, three, 6), CONNECTIONS);
			soon().untilAsserted(() -> events.assertConnectionsComplete(pool.snapshot()));
		}
		finally {
			ends.shutdownNow();
		}
	}

	private static void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		switch (exchange.path()) {
			case "/slow" -> exchange.after(Duration.ofMillis(3)).ok("hello");
			case "/unread" -> exchange.ok(new byte[5000]);
			default -> Scripts.AS_ASKED.answer(exchange);
		}
	}

	private static ScriptedUpstream gated(CountDownLatch gate) {
		return ScriptedUpstream.plain((exchange) -> {
			gate.await();
			exchange.ok("hello");
		});
	}

	private static PoolFixture overloaded(Duration acquireTimeout) {
		return PoolFixture.with((settings) -> settings.maxTotal(CONNECTIONS)
			.maxPerRoute(CONNECTIONS)
			.maxPending(MAX_PENDING)
			.responseTimeout(Duration.ofSeconds(90))
			.acquireTimeout(acquireTimeout));
	}

	private static List<Thread> start(int count, Caller caller) {
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = i;
			Thread thread = new Thread(null, () -> caller.call(number), "caller-" + number, 256 * 1024);
			thread.setDaemon(true);
			threads.add(thread);
		}
		threads.forEach(Thread::start);
		return threads;
	}

	/** No call was forgotten. */
	private static void join(List<Thread> threads) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(80);
		for (Thread thread : threads) {
			thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
			assertThat(thread.isAlive()).as("%s still waits", thread).isFalse();
		}
	}

	/**
	 * Say that nothing is leased and nobody waits, and that each route gets all that its
	 * limit and the pool's allow, and nothing more.
	 */
	private static void assertIntact(PoolFixture pool, Map<ScriptedUpstream, Integer> limits, int maxTotal)
			throws IOException {
		soon().until(() -> pool.leased() == 0);
		assertThat(pool.snapshot().connections().pending()).isZero();
		RecordedEvents.assertAccounted(pool.snapshot());
		for (Map.Entry<ScriptedUpstream, Integer> limit : limits.entrySet()) {
			assertGets(pool, Collections.nCopies(limit.getValue(), limit.getKey()), limit.getKey());
		}
		List<ScriptedUpstream> all = new ArrayList<>();
		limits.forEach((upstream, limit) -> all.addAll(Collections.nCopies(limit, upstream)));
		if (all.size() > maxTotal) {
			assertGets(pool, all.subList(0, maxTotal), all.get(all.size() - 1));
		}
		assertThat(pool.leased()).isZero();
	}

	private static void assertGets(PoolFixture pool, List<ScriptedUpstream> upstreams, ScriptedUpstream oneTooMany)
			throws IOException {
		List<CloseableHttpResponse> held = new ArrayList<>();
		try {
			for (ScriptedUpstream upstream : upstreams) {
				held.add(pool.open(impatient(upstream.uri("/"))));
			}
			assertThatExceptionOfType(AcquireTimeoutException.class)
				.isThrownBy(() -> pool.open(impatient(oneTooMany.uri("/"))));
		}
		finally {
			for (CloseableHttpResponse response : held) {
				response.close();
			}
		}
	}

	private static HttpGet impatient(URI uri) {
		HttpGet request = new HttpGet(uri);
		request.setConfig(RequestConfig.custom()
			.setConnectionRequestTimeout(200, TimeUnit.MILLISECONDS)
			.setResponseTimeout(10, TimeUnit.SECONDS)
			.build());
		return request;
	}

	private interface Caller {

		void call(int number);

	}

	/**
	 * How calls ended.
	 */
	private static final class Tries {

		final AtomicInteger served = new AtomicInteger();

		final AtomicInteger refused = new AtomicInteger();

		final AtomicInteger timedOut = new AtomicInteger();

		final AtomicInteger failed = new AtomicInteger();

		final Map<String, Throwable> other = new ConcurrentHashMap<>();

		final Map<String, String> explanations = new ConcurrentHashMap<>();

		private final AtomicLong slowestRefusal = new AtomicLong();

		private final AtomicLong slowestTimeout = new AtomicLong();

		int ended() {
			return this.served.get() + this.refused.get() + this.timedOut.get() + this.failed.get() + this.other.size();
		}

		Duration slowestRefusal() {
			return Duration.ofNanos(this.slowestRefusal.get());
		}

		Duration slowestTimeout() {
			return Duration.ofNanos(this.slowestTimeout.get());
		}

		void call(PoolFixture pool, URI uri) {
			ended(() -> assertThat(pool.get(uri)).isEqualTo("hello"));
		}

		private void ended(Try call) {
			long started = System.nanoTime();
			try {
				call.run();
				this.served.incrementAndGet();
			}
			catch (AcquireRejectedException ex) {
				this.slowestRefusal.accumulateAndGet(System.nanoTime() - started, Math::max);
				this.refused.incrementAndGet();
			}
			catch (AcquireTimeoutException ex) {
				this.slowestTimeout.accumulateAndGet(System.nanoTime() - started, Math::max);
				this.explanations.put(Thread.currentThread().getName(), ex.getMessage());
				this.timedOut.incrementAndGet();
			}
			catch (IOException | CancellationException ex) {
				this.failed.incrementAndGet();
			}
			catch (Throwable ex) {
				this.other.put(Thread.currentThread().getName() + "-" + ended(), ex);
			}
		}

		/**
		 * Keep, drain, or close the connection; or be interrupted, cancelled or out of
		 * patience at any moment.
		 */
		void callWithRandomEnd(PoolFixture pool, ScriptedUpstream upstream, Random random,
				ScheduledExecutorService ends) {
			String[] paths = { "/", "/", "/slow", "/unread", "/close", "/gigabyte", "/drip", "/goodbye", "/reset" };
			HttpGet request = new HttpGet(upstream.uri(paths[random.nextInt(paths.length)]));
			if (random.nextInt(3) == 0) {
				request.setConfig(RequestConfig.custom()
					.setConnectionRequestTimeout(1 + random.nextInt(100), TimeUnit.MILLISECONDS)
					.build());
			}
			Thread caller = Thread.currentThread();
			long delay = random.nextInt(100_000);
			Future<?> end = switch (random.nextInt(5)) {
				case 0 -> ends.schedule(caller::interrupt, delay, TimeUnit.MICROSECONDS);
				case 1 -> ends.schedule(request::cancel, delay, TimeUnit.MICROSECONDS);
				default -> null;
			};
			boolean read = random.nextBoolean() && !request.getPath().equals("/gigabyte")
					&& !request.getPath().equals("/drip");
			ended(() -> {
				try (CloseableHttpResponse response = pool.open(request)) {
					if (read) {
						EntityUtils.consume(response.getEntity());
					}
				}
			});
			while (end != null && !end.cancel(false) && !end.isDone()) {
				Thread.onSpinWait();
			}
			Thread.interrupted();
		}

		private interface Try {

			void run() throws IOException;

		}

	}

}
