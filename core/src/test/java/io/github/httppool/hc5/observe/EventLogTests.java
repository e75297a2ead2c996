package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CallTimeout;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolEvent.Type;
import io.github.httppool.hc5.pool.Route;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the events that a pool remembers.
 */
@Tag("waiting")
@Timeout(60)
class EventLogTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void openingsAndClosesAreRememberedAndReusesAreNot() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/last")) {
				exchange.ok(new byte[10], "Connection: close");
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/first?secret=1"));
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/last"));
			List<PoolEvent> events = pool.pool.events();
			assertThat(events).extracting(PoolEvent::type).containsExactly(Type.CLOSED, Type.OPENED);
			assertThat(events).extracting(PoolEvent::route).containsOnly(upstream.url());
			assertThat(events.get(0).message()).matches(
					"http-pool-default-\\d+: server-close, age \\d.*s, 3 exchanges, \\d{3} bytes received, \\d{3} sent");
			assertThat(events.get(1).message()).matches("http-pool-default-\\d+ for GET /first");
		}
	}

	@Test
	void closeOfAnIdleConnectionIsRemembered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(50)))) {
			pool.get(upstream.uri("/"));
			soon().untilAsserted(() -> assertThat(pool.pool.events()).first().satisfies((event) -> {
				assertThat(event.type()).isEqualTo(Type.CLOSED);
				assertThat(event.message()).contains(": idle-timeout, ", ", 1 exchanges, ");
			}));
		}
	}

	@Test
	void failedConnectIsRemembered() throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://127.0.0.1:1/orders?secret=1")));
			assertOnly(pool, Type.CONNECT_FAILED, "http://127.0.0.1:1", "GET /orders: .*Connection refused.*");
		}
	}

	@Test
	void rejectionIsRemembered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/late")));
			assertNewest(pool, Type.REFUSED, upstream.url(), "GET /late: 0 callers were waiting already");
		}
	}

	@Test
	void timeoutsOfWaitsAndCallsAreRemembered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/slow")) {
				exchange.stall();
			}
			else {
				exchange.ok("hello");
			}
		});
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(100)))) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/late")));
			}
			assertNewest(pool, Type.TIMEOUT, upstream.url(), "GET /late: no connection within the acquire timeout");
			HttpClientContext context = HttpClientContext.create();
			context.setAttribute(CallTimeout.ATTRIBUTE, Duration.ofMillis(200));
			assertThatIOException().isThrownBy(() -> pool.client.execute(new HttpGet(upstream.uri("/slow")), context,
					(response) -> response.getCode()));
			assertThat(pool.pool.events()).filteredOn((event) -> event.type() == Type.TIMEOUT)
				.first()
				.satisfies((event) -> assertThat(event.message()).isEqualTo(
						"GET /slow: took longer than its call timeout of 200ms; it was waiting for the response"));
		}
	}

	@Test
	void retryIsRemembered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().connection() == 0 && exchange.path().equals("/close")) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/close"));
			assertThat(pool.pool.events()).extracting(PoolEvent::type)
				.contains(Type.OPENED, Type.REPLAYED, Type.CLOSED);
			assertThat(pool.pool.events()).filteredOn((event) -> event.type() == Type.REPLAYED)
				.singleElement()
				.satisfies((event) -> assertThat(event.message())
					.matches("GET /close: the server had closed http-pool-default-\\d+"));
		}
	}

	@Test
	void leakIsRemembered() throws Exception {
		String thread = Thread.currentThread().getName();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofMillis(50)));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			soon().untilAsserted(() -> assertThat(pool.pool.events()).filteredOn((event) -> event.type() == Type.LEAK)
				.singleElement()
				.satisfies((event) -> assertThat(event.message())
					.matches("GET /held by thread '" + thread + "', held for \\d+.*s")));
		}
	}

	@Test
	void findingIsRememberedWhenItAppearsAndWhenItEnds() throws Exception {
		try (PoolFixture pool = PoolFixture.sampled(Sampling.every(Duration.ofMillis(100), Duration.ofSeconds(2)),
				(settings) -> {
				})) {
			for (int i = 0; i < 20; i++) {
				assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://127.0.0.1:1/")));
			}
			soon().untilAsserted(() -> assertThat(pool.pool.findings()).extracting(Finding::code)
				.containsExactly(FindingCode.FAILING_CONNECTS));
			soon()
				.untilAsserted(() -> assertFindings(pool, "FAILING_CONNECTS is over", "FAILING_CONNECTS (critical): "));
			soon().untilAsserted(() -> assertThat(pool.pool.findings()).isEmpty());
		}
	}

	private static void assertFindings(PoolFixture pool, String... messages) {
		List<PoolEvent> findings = pool.pool.events().stream().filter((event) -> event.type() == Type.FINDING).toList();
		assertThat(findings).hasSameSizeAs(messages);
		for (int i = 0; i < messages.length; i++) {
			assertThat(findings.get(i).route()).isEqualTo("http://127.0.0.1:1");
			assertThat(findings.get(i).message()).startsWith(messages[i]);
		}
	}

	@Test
	void resizeAndEvictionAreRemembered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.pool.resize(20, 10);
			assertOnly(pool, Type.RESIZED, null, "maxTotal is 20, maxPerRoute 10");
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			assertNewest(pool, Type.EVICTED, null, "1 idle connections were closed; leased ones are when they are .*");
		}
	}

	@Test
	void burstOfClosesIsOneEventAndKeepsEarlierOnes() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.pool.resize(20, 10);
			for (int i = 0; i < 400; i++) {
				pool.get(upstream.uri("/orders"));
			}
			List<PoolEvent> events = pool.pool.events();
			assertThat(events).last().extracting(PoolEvent::type).isEqualTo(Type.RESIZED);
			assertCounted(events, Type.OPENED, 400, "\\d+ connections opened; the first: http-pool-.* for GET /orders");
			assertCounted(events, Type.CLOSED, 400,
					"\\d+ connections closed: server-close; the first: http-pool-.*: server-close, age .*");
		}
	}

	@Test
	void burstOfRejectionsKeepsEarlierEvents() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			pool.pool.resize(20, 1);
			for (int i = 0; i < 1000; i++) {
				assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/late")));
			}
			List<PoolEvent> events = pool.pool.events();
			assertThat(events).last().extracting(PoolEvent::type).isEqualTo(Type.OPENED);
			assertThat(events).extracting(PoolEvent::type).contains(Type.RESIZED);
			assertCounted(events, Type.REFUSED, 1000,
					"\\d+ callers refused; the first: GET /late: 0 callers were waiting already");
		}
	}

	private static void assertCounted(List<PoolEvent> events, Type type, int count, String message) {
		List<PoolEvent> counted = events.stream().filter((event) -> event.type() == type).toList();
		assertThat(counted.stream().mapToLong(PoolEvent::count).sum()).isEqualTo(count);
		assertThat(counted).hasSizeLessThan(count / 10);
		assertThat(counted).filteredOn((event) -> event.count() > 1)
			.isNotEmpty()
			.allSatisfy((event) -> assertThat(event.message()).matches(message));
	}

	/**
	 * Findings and changes have places of their own.
	 */
	@Test
	void failuresOfAllKindsOnManyRoutesLeaveFindingsAndChanges() {
		EventLog log = new EventLog();
		log.resized(20, 10);
		for (int i = 0; i < 10_000; i++) {
			Route route = new Route(new HttpRoute(new HttpHost("http", "host-" + i % 100, 80)));
			log.callTimedOut(route, "GET /" + i, Duration.ofSeconds(i), "waiting");
		}
		assertThat(log.newestFirst()).extracting(PoolEvent::type).contains(Type.RESIZED);
		assertThat(log.newestFirst()).hasSizeLessThanOrEqualTo(5 * EventLog.CAPACITY);
	}

	@Test
	void exceptionWhoseMessageFailsIsRemembered() throws Exception {
		RuntimeException silent = new RuntimeException() {

			@Override
			public String getMessage() {
				throw new IllegalStateException("of a message");
			}

		};
		try (PoolFixture pool = PoolFixture.customized((settings) -> {
		}, new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String name, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setTlsSocketStrategy((socket, target, port, attachment, context) -> {
					throw silent;
				});
			}

		}); ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)) {
			assertThat(catchThrowable(() -> pool.get(URI.create("https://localhost:" + upstream.port()))) == silent)
				.isTrue();
			assertThat(pool.pool.events()).isNotEmpty()
				.allSatisfy((event) -> assertThat(event.type()).isEqualTo(Type.CONNECT_FAILED));
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void rememberedEventsKeepNoConnectionAlive() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			WeakReference<InputStream> body = bodyOf(pool, upstream);
			assertThat(pool.pool.events()).hasSize(2);
			soon().until(() -> {
				System.gc();
				return body.refersTo(null);
			});
		}
	}

	private static WeakReference<InputStream> bodyOf(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			InputStream body = response.getEntity().getContent();
			body.readAllBytes();
			return new WeakReference<>(body);
		}
	}

	private static void assertOnly(PoolFixture pool, Type type, String route, String message) {
		assertThat(pool.pool.events()).hasSize(1);
		assertNewest(pool, type, route, message);
	}

	private static void assertNewest(PoolFixture pool, Type type, String route, String message) {
		PoolEvent newest = pool.pool.events().get(0);
		assertThat(newest.type()).isEqualTo(type);
		assertThat(newest.route()).isEqualTo(route);
		assertThat(newest.message()).matches(message);
	}

}
