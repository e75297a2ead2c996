package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.ReusePolicy;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the limits of a pool: which caller gets a connection, which one waits, and
 * which one is rejected.
 */
@Tag("waiting")
@Timeout(60)
class LeaseLimitTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void limitOfTheRouteHoldsAtEveryInstant() throws Exception {
		InFlight inFlight = new InFlight();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(1)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(3));
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(12)) {
			crowd.all(100, (caller, time) -> pool.get(upstream.uri("/")));
			assertThat(inFlight.most()).isEqualTo(3);
			assertThat(upstream.accepted()).isEqualTo(3);
		}
	}

	@Test
	void limitsHoldAtEveryInstantWhereEachCallHasAConnectionOfItsOwn() throws Exception {
		InFlight inFlight = new InFlight();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(1)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(3).keepAlive(false));
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(12)) {
			crowd.all(50, (caller, time) -> pool.get(upstream.uri("/")));
			assertThat(inFlight.most()).isLessThanOrEqualTo(3);
			assertThat(upstream.accepted()).isEqualTo(600);
		}
	}

	@Test
	void limitOfThePoolHoldsForAllRoutesTogether() throws Exception {
		InFlight inFlight = new InFlight();
		try (ScriptedUpstream one = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(1)));
				ScriptedUpstream two = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(1)));
				ScriptedUpstream three = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(1)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(4).maxPerRoute(3));
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(12)) {
			List<ScriptedUpstream> upstreams = List.of(one, two, three);
			crowd.all(60, (caller, time) -> pool.get(upstreams.get((caller + time) % 3).uri("/")));
			assertThat(inFlight.most()).isLessThanOrEqualTo(4);
			assertThat(pool.closed(CloseReason.EVICTED)).as("closed to make room for another route").isPositive();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void sixtyFourCallersLoseLittleTimeWithSixtyFourConnections() throws Exception {
		Duration pause = Duration.ofMillis(20);
		int calls = 20;
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.after(pause).ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(64));
				Crowd crowd = new Crowd(64)) {
			crowd.all(calls, (caller, time) -> pool.get(upstream.uri("/")));
			double ideal = pause.toNanos() * calls;
			double best = Double.MAX_VALUE;
			for (int round = 0; round < 10 && best > 1.3; round++) {
				best = Math.min(best, crowd.all(calls, (caller, time) -> pool.get(upstream.uri("/"))) / ideal);
			}
			assertThat(best).as("time of the best round, as a multiple of the ideal").isLessThanOrEqualTo(1.3);
			assertThat(upstream.accepted()).isLessThanOrEqualTo(64);
		}
	}

	@Test
	void twoHundredCallersAreAllServedOverTenConnections() throws Exception {
		InFlight inFlight = new InFlight();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(inFlight.answer(Duration.ofMillis(2)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(10));
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(200)) {
			crowd.all(5, (caller, time) -> assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello"));
			assertThat(upstream.accepted()).isLessThanOrEqualTo(10);
			assertThat(inFlight.most()).isLessThanOrEqualTo(10);
			assertThat(upstream.requests()).hasSize(1000);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void exceptionExplainsWhyACallerWaitedTooLong() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(200)));
				CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held?token=secret"))) {
			long started = System.nanoTime();
			assertThatExceptionOfType(AcquireTimeoutException.class)
				.isThrownBy(() -> pool.get(upstream.uri("/next?token=secret")))
				.satisfies((ex) -> {
					assertThat(ex.getPool()).isEqualTo("default");
					assertThat(ex.getRoute()).isEqualTo(upstream.url());
				})
				.withMessageContaining("pool 'default'")
				.withMessageContaining(upstream.url())
				.withMessageContaining("200ms")
				.withMessageContaining("http-pool.acquire-timeout")
				.withMessageContaining("Route: 1 leased, 0 idle, 1 pending, limit 1.")
				.withMessageContaining("Pool: 1 leased, 0 idle, 1 pending, limit 200.")
				.withMessageContaining("The route was at its limit: http-pool.max-per-route")
				.withMessageMatching("(?s).*Longest-held lease: [0-9.]+m?s by thread 'holder' for GET /held to .*")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
			assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(Duration.ofMillis(190).toNanos());
			assertThat(pool.snapshot().totals().acquireTimeouts()).isEqualTo(1);
			assertThat(pool.snapshot().connections().pending()).isZero();
		}
	}

	@Test
	void acquireTimeoutOfACallOverridesThatOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(100)));
				CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
			assertWaits(pool, upstream, org.apache.hc.core5.util.Timeout.ofMilliseconds(50), "50ms");
			assertWaits(pool, upstream, org.apache.hc.core5.util.Timeout.ofMilliseconds(150), "150ms");
			assertWaits(pool, upstream, org.apache.hc.core5.util.Timeout.DISABLED, "100ms");
			assertThat(pool.snapshot().totals().acquireTimeouts()).isEqualTo(3);
		}
	}

	private static void assertWaits(PoolFixture pool, ScriptedUpstream upstream, org.apache.hc.core5.util.Timeout limit,
			String expected) {
		HttpGet get = new HttpGet(upstream.uri("/"));
		get.setConfig(RequestConfig.custom().setConnectionRequestTimeout(limit).build());
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.read(get))
			.withMessageContaining("within " + expected + " ");
	}

	/** As virtual threads are. */
	@Test
	void holderWithoutANameIsDescribed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0));
				CloseableHttpResponse held = heldBy("", pool, upstream.uri("/held"))) {
			assertThatExceptionOfType(AcquireRejectedException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("by thread 'Thread[");
		}
	}

	@Test
	void rejectionNamesTheLimitOfThePoolIfItApplied() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).acquireTimeout(Duration.ofMillis(50)));
				CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
			assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.get(other.uri("/")))
				.withMessageContaining("Route: 0 leased, 0 idle, 1 pending, limit 50.")
				.withMessageContaining("Pool: 1 leased, 0 idle, 1 pending, limit 1.")
				.withMessageContaining("The pool was at its limit: http-pool.max-total");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 3 })
	void callerBeyondTheMaximumOfPendingOnesIsRejectedAtOnce(int maxPending) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1)
					.maxPending(maxPending)
					.acquireTimeout(Duration.ofSeconds(30)));
				Sampler sampler = new Sampler(pool.pool)) {
			List<CompletableFuture<String>> waiting = new ArrayList<>();
			try (CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
				for (int i = 0; i < maxPending; i++) {
					waiting.add(CallerThread.inThread("waiting-" + i, () -> pool.get(upstream.uri("/"))));
				}
				awaitPending(pool, maxPending);
				assertThatExceptionOfType(AcquireRejectedException.class)
					.isThrownBy(() -> pool.get(upstream.uri("/refused")))
					.withMessageContaining("http-pool.max-pending")
					.withMessageContaining("Route: 1 leased, 0 idle, " + maxPending + " pending, limit 1.")
					.withMessageContaining("'holder' for GET /held");
				assertThat(pool.snapshot().totals().acquireRejected()).isEqualTo(1);
			}
			for (CompletableFuture<String> served : waiting) {
				assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			}
		}
	}

	@Test
	void anyNumberMayWaitWithoutALimit() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(-1))) {
			List<CompletableFuture<String>> waiting = new ArrayList<>();
			try (CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
				for (int i = 0; i < 50; i++) {
					waiting.add(CallerThread.inThread("waiting-" + i, () -> pool.get(upstream.uri("/"))));
				}
				awaitPending(pool, 50);
			}
			for (CompletableFuture<String> served : waiting) {
				assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			}
		}
	}

	@Test
	void waitingCallersAreServedInTheirOrder() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1))) {
			List<CompletableFuture<String>> waiting = new ArrayList<>();
			List<String> expected = new ArrayList<>(List.of("/held"));
			try (CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
				for (int i = 0; i < 8; i++) {
					String path = "/" + i;
					expected.add(path);
					waiting.add(CallerThread.inThread("waiting-" + i, () -> pool.get(upstream.uri(path))));
					awaitPending(pool, i + 1);
				}
			}
			for (CompletableFuture<String> served : waiting) {
				served.get(10, TimeUnit.SECONDS);
			}
			assertThat(upstream.requests()).extracting(ScriptedUpstream.Request::path).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@EnumSource(ReusePolicy.class)
	void reusePolicyDecidesWhichIdleConnectionIsTaken(ReusePolicy policy) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.reusePolicy(policy))) {
			openIdle(pool, upstream, 3);
			for (int i = 0; i < 6; i++) {
				pool.get(upstream.uri("/reuse"));
			}
			List<Integer> used = upstream.requests()
				.stream()
				.skip(3)
				.map(ScriptedUpstream.Request::connection)
				.toList();
			assertThat(used).isEqualTo(switch (policy) {
				case LIFO -> List.of(2, 2, 2, 2, 2, 2);
				case FIFO -> List.of(0, 1, 2, 0, 1, 2);
			});
		}
	}

	@Test
	void resizeToMoreServesWaitingCallersAtOnce() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).maxPerRoute(1).acquireTimeout(Duration.ofSeconds(30)));
				CloseableHttpResponse held = heldBy("holder", pool, upstream.uri("/held"))) {
			List<CompletableFuture<String>> waiting = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				waiting.add(CallerThread.inThread("waiting-" + i, () -> pool.get(upstream.uri("/"))));
			}
			awaitPending(pool, 5);
			// An interrupted thread must do as well.
			Thread.currentThread().interrupt();
			pool.pool.resize(10, 6);
			assertThat(Thread.interrupted()).isTrue();
			for (CompletableFuture<String> served : waiting) {
				assertThat(served.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			}
			assertThat(pool.snapshot().limits().maxTotal()).isEqualTo(10);
			assertThat(pool.snapshot().limits().maxPerRoute()).isEqualTo(6);
			assertThat(pool.snapshot().limits().maxIdlePerRoute()).isEqualTo(6);
		}
	}

	@Test
	void resizeToLessClosesIdleConnectionsAtOnceAndSurplusLeasedOnesLater() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/held"))));
			}
			openIdle(pool, upstream, 5);
			pool.pool.resize(6, 6);
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(5);
			soon().until(() -> upstream.open() == 4);
			pool.pool.resize(2, 2);
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
			soon().until(() -> upstream.open() == 2);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void resizeOfTheRoutesAloneClosesSurplusLeasedConnectionsWhenTheyComeBack() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/held"))));
			}
			pool.pool.resize(200, 1);
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			pool.assertConnections(3, Map.of(CloseReason.EVICTED, 2L));
			assertThat(pool.snapshot().connections().idle()).isOne();
		}
	}

	@Test
	void resizeWhileAConnectionComesBackLeavesNoneTooMany() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")));
			CloseableHttpResponse another = pool.open(new HttpGet(upstream.uri("/held")));
			events.once("released", () -> pool.pool.resize(1, 1));
			held.close();
			assertThat(pool.snapshot().connections().idle()).isZero();
			another.close();
			pool.assertConnections(2, Map.of(CloseReason.EVICTED, 1L));
		}
	}

	@Test
	void evictionWhileAConnectionComesBackClosesIt() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			events.once("released", pool.pool::evict);
			pool.get(upstream.uri("/"));
			pool.assertConnections(1, Map.of(CloseReason.EVICTED, 1L));
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(2);
		}
	}

	@Test
	void resizeAtAnyTimeHarmsNoCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(100).maxPerRoute(100));
				Crowd crowd = new Crowd(60)) {
			AtomicInteger calls = new AtomicInteger();
			crowd.all(60, (caller, time) -> {
				if (caller < 2) {
					pool.pool.resize(40 + time, 40 + time % 7);
				}
				else {
					pool.get(upstream.uri("/"));
					calls.incrementAndGet();
				}
			});
			assertThat(calls).hasValue(58 * 60);
			assertThat(pool.leased()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void evictionClosesIdleConnectionsNowAndLeasedOnesWhenTheyComeBack() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")));
			openIdle(pool, upstream, 3);
			pool.pool.evict();
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(3);
			soon().until(() -> upstream.open() == 1);
			held.close();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(4);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(5);
		}
	}

	@Test
	void surplusIdleConnectionsAreClosedWhenTheyComeBack() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxIdlePerRoute(2));
				Sampler sampler = new Sampler(pool.pool)) {
			openIdle(pool, upstream, 5);
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.MAX_IDLE)).isEqualTo(3);
			soon().until(() -> upstream.open() == 2);
		}
	}

	/** Opened in this order, and given back in this order. */
	private static void openIdle(PoolFixture pool, ScriptedUpstream upstream, int count) throws IOException {
		List<CloseableHttpResponse> responses = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			responses.add(pool.open(new HttpGet(upstream.uri("/open"))));
		}
		for (CloseableHttpResponse response : responses) {
			EntityUtils.consume(response.getEntity());
		}
	}

	private static CloseableHttpResponse heldBy(String thread, PoolFixture pool, URI uri) throws Exception {
		return CallerThread.inThread(thread, () -> pool.open(new HttpGet(uri))).get(10, TimeUnit.SECONDS);
	}

	private static void awaitPending(PoolFixture pool, int count) {
		soon().until(() -> {
			long parked = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getName().startsWith("waiting-"))
				.filter((thread) -> thread.getState() == Thread.State.WAITING)
				.count();
			return pool.snapshot().connections().pending() == count && parked == count;
		});
	}

	/**
	 * Counts the requests that a server works on at the same time.
	 */
	private static final class InFlight {

		private final AtomicInteger now = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		ScriptedUpstream.Script answer(Duration pause) {
			return (exchange) -> {
				this.most.accumulateAndGet(this.now.incrementAndGet(), Math::max);
				exchange.after(pause);
				// Before the answer: after it the client may be quicker than this thread.
				this.now.decrementAndGet();
				exchange.ok("hello");
			};
		}

		int most() {
			return this.most.get();
		}

	}

}
