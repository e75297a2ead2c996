package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for how long a connection is kept.
 */
@Tag("waiting")
@Timeout(60)
class ConnectionLifetimeTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void idleConnectionIsClosedWithoutACall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(300)))) {
			pool.get(upstream.uri("/"));
			awaitClosed(pool, CloseReason.IDLE_TIMEOUT, 1);
			soon().until(() -> upstream.lastConnection().isClosedByClient());
			assertThat(pool.snapshot().connections().idle()).isZero();
		}
	}

	@Test
	void idleTimeBeginsAnewWithEachCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(200)).ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofSeconds(1)))) {
			for (int i = 0; i < 8; i++) {
				pool.get(upstream.uri("/"));
			}
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void connectionsOfOneAgeExpireAtDifferentTimesBeforeTheirTimeToLive() throws Exception {
		RecordedEvents events = new RecordedEvents();
		int count = 20;
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.timeToLive(Duration.ofSeconds(4)),
						events.listener)) {
			openIdle(pool, upstream, count);
			awaitClosed(pool, CloseReason.TIME_TO_LIVE, count);
			await().until(() -> events.ageMillis.size() == count);
			Collection<Long> ages = events.ageMillis.values();
			assertThat(ages).hasSize(count).allSatisfy((age) -> assertThat(age).isBetween(3600L, 5000L));
			assertThat(Collections.max(ages) - Collections.min(ages)).isGreaterThan(100);
			events.assertComplete(pool.snapshot());
		}
	}

	@Test
	void leasedConnectionIsNotKeptPastItsTimeToLive() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(20)).ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.timeToLive(Duration.ofMillis(10)))) {
			for (int i = 0; i < 5; i++) {
				pool.get(upstream.uri("/"));
			}
			assertThat(upstream.accepted()).isEqualTo(5);
			assertThat(pool.closed(CloseReason.TIME_TO_LIVE)).isEqualTo(5);
		}
	}

	@Test
	void connectionWithoutTimeToLiveDoesNotExpire() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(20)).ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.timeToLive(Duration.ZERO))) {
			for (int i = 0; i < 20; i++) {
				pool.get(upstream.uri("/"));
			}
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void halfClosedIdleConnectionIsNoticedWithoutACall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().halfClose();
			awaitClosed(pool, CloseReason.STALE, 1);
			await().atMost(Duration.ofSeconds(1)).until(() -> upstream.lastConnection().isClosedByClient());
		}
	}

	@ParameterizedTest
	@CsvSource({ "timeout=2, 1000, 1900", "'timeout=1, max=100', 500, 990", "'max=5, timeout=\"2\"', 1000, 1900" })
	void connectionIsClosedBeforeTheTimeThatTheServerAnnounces(String keepAlive, long least, long most)
			throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("hello".getBytes(), "Keep-Alive: " + keepAlive));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			pool.get(upstream.uri("/"));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
			awaitClosed(pool, CloseReason.IDLE_TIMEOUT, 1);
			// The close is counted before listeners are notified.
			await().until(() -> events.ageMillis.size() == 1);
			assertThat(events.ageMillis.values()).singleElement()
				.satisfies((age) -> assertThat(age).isBetween(least, most));
		}
	}

	@Test
	void connectionIsNotKeptIfTheServerDoesNotKeepIt() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("hello".getBytes(), "Keep-Alive: timeout=0"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(2);
			assertThat(upstream.accepted()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "timeout=3600", "timeout=99999999999999999999", "timeout=9223372036854775807",
			"timeout=soon", "timeout=-7", "timeout", "max=3", ";;=,", "timeout=" })
	void serverNeverLengthensTheIdleTime(String keepAlive) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("hello".getBytes(), "Keep-Alive: " + keepAlive));
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(150)))) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(upstream.accepted()).isEqualTo(1);
			awaitClosed(pool, CloseReason.IDLE_TIMEOUT, 1);
		}
	}

	@Test
	void everyCallOpensAndClosesItsOwnConnectionWithoutKeepAlive() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false))) {
			for (int i = 0; i < 5; i++) {
				if (i % 2 == 0) {
					pool.get(upstream.uri("/"));
				}
				else {
					pool.ignore(upstream.uri("/"));
				}
				assertThat(pool.snapshot().connections().idle()).isZero();
			}
			assertThat(upstream.accepted()).isEqualTo(5);
			assertThat(upstream.requests())
				.allSatisfy((request) -> assertThat(request.header("Connection")).isEqualTo("close"));
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(5);
			soon().until(() -> upstream.open() == 0);
		}
	}

	@Test
	void customReuseStrategyCannotKeepAConnectionWithoutKeepAlive() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false),
						(client) -> client.setConnectionReuseStrategy((request, response, context) -> true))) {
			pool.get(upstream.uri("/"));
			pool.ignore(upstream.uri("/"));
			assertThat(pool.snapshot().totals().drained()).isEmpty();
			pool.assertConnections(2, Map.of(CloseReason.SERVER_CLOSE, 2L));
		}
	}

	/**
	 * The server would read the announced body as the head of the next request.
	 */
	@Test
	void connectionIsNotKeptIfTheResponseReplacesTheContinue() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)
			.ignoreExpect()
			.beforeBody(
					(connection) -> connection.sendRaw(ScriptedUpstream.Exchange.headText(413, "Content-Length: 0")));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			post.setEntity(new ByteArrayEntity(new byte[100_000], ContentType.APPLICATION_OCTET_STREAM));
			assertThat(pool.client.execute(post, HttpResponse::getCode).intValue()).isEqualTo(413);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void connectionIsNotKeptIfTheServerSaysClose() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("hello".getBytes(), "Connection: close"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.ignore(upstream.uri("/"));
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(2);
		}
	}

	private static void openIdle(PoolFixture pool, ScriptedUpstream upstream, int count) throws Exception {
		List<CloseableHttpResponse> responses = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			responses.add(pool.open(new HttpGet(upstream.uri("/open"))));
		}
		for (CloseableHttpResponse response : responses) {
			response.getEntity().getContent().close();
		}
	}

	/** Connections are closed within five seconds, unless a shorter time is set. */
	private static void awaitClosed(PoolFixture pool, CloseReason reason, int count) {
		soon().atMost(Duration.ofSeconds(5)).until(() -> pool.closed(reason) == count);
	}

}
