package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.BodyTooLargeException;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.ProxySettings;
import io.github.httppool.ReusePolicy;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.LeakLog;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for settings that change while a pool and its clients are used.
 * {@link TimeoutChangeTests} has the timeouts.
 */
@Tag("waiting")
@Timeout(60)
class SettingsChangeTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final ScriptedUpstream.Script LARGE = (exchange) -> {
		int status = exchange.path().equals("/missing") ? 404 : 200;
		exchange.status(status, new byte[4096]);
	};

	@Test
	void higherLimitsServeWaitingCallersAtOnceAndLoseNoConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).maxPerRoute(1).acquireTimeout(Duration.ofSeconds(30)));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			CompletableFuture<String> waiting = inThread("waiting", () -> pool.get(upstream.uri("/")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			assertThat(pool.change((settings) -> settings.maxTotal(10).maxPerRoute(6))).isEmpty();
			assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(pool.snapshot().limits()).isEqualTo(new PoolSnapshot.Limits(10, 6, 6, 1000));
			assertThat(pool.pool.settings().maxTotal()).isEqualTo(10);
			assertThat(EntityUtils.toString(held.getEntity())).isEqualTo("hello");
			pool.assertConnections(2, Map.of());
		}
	}

	@Test
	void lowerLimitsCloseIdleConnectionsAtOnceAndLeasedOnesWhenTheyComeBack() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = hold(pool, upstream, 3);
			release(hold(pool, upstream, 2));
			pool.change((settings) -> settings.maxPerRoute(2));
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(3, 0, 0));
			release(held);
			pool.assertConnections(5, Map.of(CloseReason.EVICTED, 3L));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
		}
	}

	@Test
	void limitsAboveWhatThereIsCloseNothing() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			release(hold(pool, upstream, 3));
			pool.change((settings) -> settings.maxTotal(3).maxPerRoute(3));
			pool.assertConnections(3, Map.of());
		}
	}

	@Test
	void aResizeIsLeftAsItIsByAChangeOfSomethingElse() throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			pool.pool.resize(300, 70);
			pool.change((settings) -> settings.acquireTimeout(Duration.ofSeconds(1)));
			assertThat(pool.snapshot().limits().maxTotal()).isEqualTo(300);
			assertThat(pool.snapshot().limits().maxPerRoute()).isEqualTo(70);
			pool.change((settings) -> settings.maxPerRoute(60));
			assertThat(pool.snapshot().limits().maxTotal()).isEqualTo(300);
			assertThat(pool.snapshot().limits().maxPerRoute()).isEqualTo(60);
		}
	}

	@Test
	void fewerIdleConnectionsCloseTheSurplusOnly() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			release(hold(pool, upstream, 5));
			pool.change((settings) -> settings.maxIdlePerRoute(2));
			pool.assertConnections(5, Map.of(CloseReason.MAX_IDLE, 3L));
			soon().until(() -> upstream.open() == 2);
			release(hold(pool, upstream, 3));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
			assertThat(pool.snapshot().limits().maxIdlePerRoute()).isEqualTo(2);
		}
	}

	@Test
	void maximumOfPendingCallersFollowsTheSetting() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofSeconds(30)))) {
			List<CloseableHttpResponse> held = hold(pool, upstream, 1);
			CompletableFuture<String> waiting = inThread("waiting", () -> pool.get(upstream.uri("/")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			pool.change((settings) -> settings.maxPending(0));
			assertThatExceptionOfType(AcquireRejectedException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(pool.snapshot().limits().maxPending()).isZero();
			release(held);
			assertThat(waiting.get(10, TimeUnit.SECONDS)).as("who waited already goes on").isEqualTo("hello");
		}
	}

	@Test
	void connectionsThatAreIdleNowFollowAShorterIdleTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			release(hold(pool, upstream, 2));
			pool.change((settings) -> settings.idleTimeout(Duration.ofMillis(200)));
			soon().until(() -> upstream.open() == 0);
			pool.assertConnections(2, Map.of(CloseReason.IDLE_TIMEOUT, 2L));
		}
	}

	@Test
	void connectionThatComesBackLaterIsIdleForTheNewTime() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(300)))) {
			List<CloseableHttpResponse> held = hold(pool, upstream, 1);
			pool.change((settings) -> settings.idleTimeout(Duration.ofMinutes(10)));
			release(held);
			soon().pollDelay(Duration.ofMillis(600)).until(() -> upstream.open() == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void aChangeWhileAConnectionComesBackIsSeenByIt() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			events.once("released", () -> pool.change((settings) -> settings.idleTimeout(Duration.ofMillis(100))));
			pool.get(upstream.uri("/"));
			soon().until(() -> upstream.open() == 0 && pool.closed(CloseReason.IDLE_TIMEOUT) == 1);
		}
	}

	@Test
	void shorterTimeToLiveEndsOldConnections() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = hold(pool, upstream, 1);
			release(hold(pool, upstream, 1));
			pool.change((settings) -> settings.timeToLive(Duration.ofMillis(1)));
			soon().until(() -> pool.closed(CloseReason.TIME_TO_LIVE) == 1);
			assertThat(pool.leased()).as("nobody loses what he holds").isOne();
			release(held);
			pool.assertConnections(2, Map.of(CloseReason.TIME_TO_LIVE, 2L));
		}
	}

	@Test
	void longerTimeToLiveKeepsConnectionsThatThereAre() throws Exception {
		for (Duration longer : List.of(Duration.ofMinutes(1), Duration.ZERO)) {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
					PoolFixture pool = PoolFixture.with((settings) -> settings.timeToLive(Duration.ofSeconds(1)))) {
				pool.get(upstream.uri("/"));
				pool.change((settings) -> settings.timeToLive(longer));
				soon().pollDelay(Duration.ofMillis(1200)).until(() -> upstream.open() == 1);
				pool.get(upstream.uri("/"));
				pool.assertConnections(1, Map.of());
			}
		}
	}

	@Test
	void keepAliveSwitchedOffLeavesNoConnectionAndOnAgainKeepsThem() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = hold(pool, upstream, 1);
			release(hold(pool, upstream, 1));
			assertThat(pool.change((settings) -> settings.keepAlive(false))).isEmpty();
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(1, 0, 0));
			release(held);
			pool.get(upstream.uri("/"));
			pool.assertConnections(3, Map.of(CloseReason.EVICTED, 1L, CloseReason.SERVER_CLOSE, 2L));
			pool.change((settings) -> settings.keepAlive(true));
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(upstream.accepted()).isEqualTo(4);
		}
	}

	@Test
	void keepAliveThatWasOffFromTheBeginningCanBeSwitchedOn() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false))) {
			pool.get(upstream.uri("/"));
			assertThat(pool.change((settings) -> settings.keepAlive(true))).isEmpty();
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(upstream.requests()).extracting((request) -> request.header("Connection"))
				.containsExactly("close", "keep-alive", "keep-alive");
		}
	}

	@Test
	void drainLimitsFollowTheSettings() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Content-Length: 4096").sendRaw(new byte[2048]);
			if (exchange.path().equals("/slow")) {
				exchange.after(Duration.ofMillis(300));
			}
			exchange.sendRaw(new byte[2048]);
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(10)))) {
			pool.ignore(upstream.uri("/"));
			assertThat(pool.drained(DrainOutcome.REUSED)).isOne();
			pool.change((settings) -> settings.drainMaxBytes(1024));
			pool.ignore(upstream.uri("/"));
			assertThat(pool.drained(DrainOutcome.TOO_LARGE)).isOne();
			pool.change((settings) -> settings.drainMaxBytes(8192).drainMaxTime(Duration.ofMillis(50)));
			pool.ignore(upstream.uri("/slow"));
			assertThat(pool.drained(DrainOutcome.TOO_SLOW)).isOne();
		}
	}

	@Test
	void readLimitsFollowTheSettings() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(LARGE); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/missing"))).hasSize(4096);
			assertThat(pool.change((settings) -> settings.maxErrorBody(1024))).isEmpty();
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/missing")))
				.withMessageContaining("longer than 1KB");
			assertThat(pool.get(upstream.uri("/"))).hasSize(4096);
			assertThat(pool.change((settings) -> settings.maxBody(2048))).isEmpty();
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("longer than 2KB");
			pool.change((settings) -> settings.maxBody(0).maxErrorBody(0));
			assertThat(pool.get(upstream.uri("/missing"))).hasSize(4096);
			pool.change((settings) -> settings.maxErrorBody(10));
			assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/missing")));
		}
	}

	@Test
	void retriesFollowTheSetting() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/stale") && calls.getAndIncrement() % 2 == 0) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			assertThat(pool.get(upstream.uri("/stale"))).isEqualTo("hello");
			assertThat(pool.change((settings) -> settings.retryStale(false))).isEmpty();
			assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/stale")))
				.satisfies((failure) -> assertThat(ExplainedFailure.inOneLine(failure))
					.contains("http-pool.retry-stale is off"));
			calls.set(0);
			pool.change((settings) -> settings.retryStale(true));
			pool.get(upstream.uri("/"));
			assertThat(pool.get(upstream.uri("/stale"))).isEqualTo("hello");
		}
	}

	@Test
	void leasesFromNowOnAreWatchedForLeaks() throws Exception {
		try (LeakLog log = new LeakLog();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.change((settings) -> settings.leakDetectionThreshold(Duration.ofMillis(100)));
			List<CloseableHttpResponse> held = hold(pool, upstream, 1);
			soon().until(() -> pool.snapshot().totals().leaks() == 1);
			release(held);
			pool.change((settings) -> settings.leakDetectionThreshold(null));
			held = hold(pool, upstream, 1);
			assertThat(pool.pool.scheduledTimeouts()).isZero();
			release(held);
		}
	}

	@Test
	void settingsOfClientsAndConnectionsAreReportedAsFixed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPoolSettings before = pool.pool.settings();
			List<String> fixed = pool.change((settings) -> settings.reusePolicy(ReusePolicy.FIFO)
				.compression(false)
				.proxy(new ProxySettings("http://127.0.0.1:1", "user", "secret", List.of(), false))
				.warmUp("upstream", upstream.url(), 3)
				.maxTotal(300));
			assertThat(fixed).containsExactly("reuse-policy", "compression", "proxy", "warm-up");
			assertThat(pool.pool.settings()).isEqualTo(before.toBuilder().maxTotal(300).build());
			pool.get(upstream.uri("/"));
			assertThat(upstream.requests().get(0).header("Accept-Encoding")).contains("gzip");
			assertThat(pool.pool.events()).filteredOn((event) -> event.type() == PoolEvent.Type.CHANGED)
				.extracting(PoolEvent::message)
				.containsExactly("max-total 200 -> 300");
		}
	}

	/**
	 * They cost nothing while they are off, because they are not there.
	 */
	@Test
	void featureThatWasOffAtFirstStaysOff() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(LARGE);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(0).retryStale(false))) {
			assertThat(pool.change((settings) -> settings.maxBody(10).maxErrorBody(10).retryStale(true)))
				.containsExactly("max-error-body", "max-body", "retry-stale");
			assertThat(pool.get(upstream.uri("/missing"))).hasSize(4096);
			assertThat(pool.pool.settings().maxBody()).isZero();
			assertThat(pool.pool.settings().retryStale()).isFalse();
			assertThat(pool.pool.events()).extracting(PoolEvent::type).doesNotContain(PoolEvent.Type.CHANGED);
		}
	}

	@Test
	void everySettingThatIsNotReportedAsFixedApplies() {
		List<Consumer<HttpPoolSettings.Builder>> changes = List.of((settings) -> settings.maxTotal(7),
				(settings) -> settings.maxPerRoute(7), (settings) -> settings.maxIdlePerRoute(7),
				(settings) -> settings.maxPending(7), (settings) -> settings.acquireTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.connectTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.connectFallbackDelay(Duration.ofMillis(7)),
				(settings) -> settings.tlsHandshakeTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.responseTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.callTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.expectContinueTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.keepAlive(false), (settings) -> settings.idleTimeout(Duration.ofSeconds(7)),
				(settings) -> settings.timeToLive(Duration.ofSeconds(70)),
				(settings) -> settings.validateAfterInactivity(Duration.ofSeconds(7)),
				(settings) -> settings.drainMaxBytes(7), (settings) -> settings.drainMaxTime(Duration.ofMillis(7)),
				(settings) -> settings.maxErrorBody(7), (settings) -> settings.maxBody(7),
				(settings) -> settings.retryStale(false),
				(settings) -> settings.leakDetectionThreshold(Duration.ofSeconds(7)),
				(settings) -> settings.route("upstream", "http://localhost:8081", 7));
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			List<String> changed = new ArrayList<>(List.of("reuse-policy", "compression", "proxy", "warm-up"));
			for (Consumer<HttpPoolSettings.Builder> change : changes) {
				Map<String, Object> before = pool.pool.settings().values();
				assertThat(pool.change(change)).isEmpty();
				pool.pool.settings().values().forEach((name, value) -> {
					if (!value.equals(before.get(name)) && !changed.contains(name)) {
						changed.add(name);
					}
				});
			}
			assertThat(changed).containsExactlyInAnyOrderElementsOf(pool.pool.settings().values().keySet());
		}
	}

	@Test
	void equalSettingsChangeNothing() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.change((settings) -> {
			})).isEmpty();
			assertThat(pool.pool.events()).isEmpty();
		}
	}

	@Test
	void addressesOfRoutesAreNotInTheEvents() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			pool.change((settings) -> settings.route("upstream", "http://user:secret@localhost:8081", 7)
				.callTimeout(Duration.ofSeconds(2)));
			assertThat(pool.pool.events()).extracting(PoolEvent::message)
				.containsExactly("call-timeout none -> 2s, routes");
		}
	}

	@Test
	void changesAtAnyTimeDoNotAffectCalls() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.acquireTimeout(Duration.ofSeconds(30)));
				Crowd crowd = new Crowd(20)) {
			AtomicInteger calls = new AtomicInteger();
			crowd.all(60, (caller, time) -> {
				if (caller < 2) {
					pool.change((settings) -> settings.maxTotal(10 + time)
						.maxPerRoute(10 + time % 7)
						.maxIdlePerRoute(1 + time % 10)
						.idleTimeout(Duration.ofMillis(100 + time))
						.timeToLive(Duration.ofMillis(50 + 10 * time))
						.keepAlive(time % 5 != 0)
						.responseTimeout(Duration.ofSeconds(20 + time))
						.maxPending(50 + time)
						.drainMaxBytes(time));
				}
				else if (time % 2 == 0) {
					pool.ignore(upstream.uri("/"));
					calls.incrementAndGet();
				}
				else {
					pool.get(upstream.uri("/"));
					calls.incrementAndGet();
				}
			});
			assertThat(calls).hasValue(18 * 60);
			assertThat(pool.leased()).isZero();
			soon().untilAsserted(() -> RecordedEvents.assertAccounted(pool.snapshot()));
		}
	}

	@Test
	void aPoolThatIsShutDownIsLeftAlone() {
		PoolFixture pool = PoolFixture.withDefaults();
		pool.close();
		pool.change((settings) -> settings.maxTotal(7));
		assertThat(pool.pool.settings().maxTotal()).isEqualTo(200);
	}

	/** Opened at once, so that each has a connection of its own. */
	private static List<CloseableHttpResponse> hold(PoolFixture pool, ScriptedUpstream upstream, int count)
			throws IOException {
		List<CloseableHttpResponse> responses = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			responses.add(pool.open(new HttpGet(upstream.uri("/held"))));
		}
		return responses;
	}

	private static void release(List<CloseableHttpResponse> responses) throws IOException {
		for (CloseableHttpResponse response : responses) {
			EntityUtils.consume(response.getEntity());
		}
	}

}
