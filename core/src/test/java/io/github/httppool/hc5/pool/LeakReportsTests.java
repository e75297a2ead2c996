package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.PoolSnapshots;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.LeakLog;
import io.github.httppool.testing.LostResponse;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for responses that their callers lose without closing them: the connection is
 * free as soon as the garbage collector has noticed.
 */
@Tag("slow")
@Timeout(120)
class LeakReportsTests {

	private static final int LENGTH = Scripts.TEXT.length;

	private static final List<String> PATHS = List.of("/length", "/chunks", "/until-close", "/compressed", "/empty",
			"/error");

	@ParameterizedTest
	@EnumSource(value = Transport.class, names = { "PLAIN", "TLS_1_3" })
	void lostResponsesOfAllKindsGiveTheirConnectionsBack(Transport transport) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = transport.start(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			int lost = 0;
			for (String path : PATHS) {
				LostResponse.lose(pool, upstream.uri(path));
				loseTheStream(pool, upstream.uri(path), 0);
				loseTheStream(pool, upstream.uri(path), 1);
				lost += 3;
			}
			loseTheStream(pool, upstream.uri("/length"), LENGTH);
			LostResponse.lose(pool, upstream.uri("/redirect"));
			loseTheStream(pool, upstream.uri("/drip"), 10);
			lost += 3;
			assertThat(pool.leased()).isEqualTo(lost);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(lost);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(lost);
			events.assertComplete(pool.snapshot());
			assertThat(events.names.stream().filter("leakDetected"::equals)).hasSize(lost);
			assertThat(pool.get(upstream.uri("/length"))).hasSize(LENGTH);
		}
	}

	@ParameterizedTest
	@EnumSource(value = Transport.class, names = { "PLAIN", "TLS_1_3" })
	void lostResponsesOfSpringsClientGiveTheirConnectionsBack(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(Scripts.BODIES);
				PoolFixture pool = PoolFixture.withDefaults()) {
			RestClient client = RestClient.builder()
				.requestFactory(new HttpComponentsClientHttpRequestFactory(pool.client))
				.build();
			int lost = 0;
			for (String path : PATHS) {
				loseTheExchange(client, upstream.uri(path));
				lost++;
				// Spring closes errors and empty bodies itself.
				if (!path.equals("/error") && !path.equals("/empty")) {
					loseTheResult(client, upstream.uri(path));
					lost++;
				}
			}
			assertThat(pool.leased()).isEqualTo(lost);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(lost);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(lost);
		}
	}

	@Test
	void connectionOfALostResponseServesAWaitingCaller() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).acquireTimeout(Duration.ofSeconds(60)))) {
			loseTheStream(pool, upstream.uri("/length"), 1);
			CompletableFuture<String> waiting = CallerThread.inThread("waiting",
					() -> pool.get(upstream.uri("/length")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			LostResponse.collectingGarbage().until(waiting::isDone);
			assertThat(waiting.get()).hasSize(LENGTH);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void requestThatIsStillHeldKeepsNoResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet request = new HttpGet(upstream.uri("/length"));
			pool.open(request);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(1);
			request.cancel();
			assertThat(pool.get(upstream.uri("/length"))).hasSize(LENGTH);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void connectionThatWasClosedMeanwhileFreesItsSlot() throws Exception {
		AtomicReference<PooledConnection> opened = new AtomicReference<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
				opened.set((PooledConnection) connection);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			loseTheStream(pool, upstream.uri("/drip"), 1);
			opened.get().close(CloseReason.ERROR, CloseMode.IMMEDIATE);
			assertThat(pool.leased()).isEqualTo(1);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(1);
			assertThat(pool.snapshot().totals().closed()).containsOnlyKeys(CloseReason.ERROR);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void callWithADeadlineLosesNothingButItsResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofMinutes(5)))) {
			LostResponse.lose(pool, upstream.uri("/length"));
			loseTheStream(pool, upstream.uri("/drip"), 1);
			assertThat(pool.pool.scheduledTimeouts()).isEqualTo(2);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.pool.scheduledTimeouts()).isZero();
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void warningNamesTheLostResponseAndTheRemedy() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.withDefaults();
				LeakLog log = new LeakLog()) {
			LostResponse.lose(pool, upstream.uri("/length?secret=1"));
			LostResponse.lose(pool, upstream.uri("/length?secret=2"));
			LostResponse.awaitNoneLeased(pool);
			assertThat(log.at(Level.WARN, 1)).as("one for both").singleElement().satisfies((event) -> {
				assertThat(event.getFormattedMessage())
					.contains("GET /length", upstream.url(), "pool 'default'",
							"thread '" + Thread.currentThread().getName() + "'", "try-with-resources", "retrieve()",
							"http-pool.leak-detection-threshold", "Route: 2 leased, 0 idle, 0 pending, limit 50.")
					.doesNotContain("secret");
				assertThat(event.getThrowableProxy()).as("no stack is made where no threshold is set").isNull();
			});
			assertThat(log.at(Level.INFO)).isEmpty();
		}
	}

	@Test
	void warningsAreLoggedOncePerMinuteWithTheNumberOfOthers() {
		try (LeakLog log = new LeakLog()) {
			HttpPoolSettings settings = HttpPoolSettings.builder().build();
			ConnectionPool pool = new ConnectionPool("orders", settings, new Listeners("default", List.of()),
					new ConnectionsBuilder("orders", settings, List.of(), null, null));
			LeakReports reports = new LeakReports(pool, pool.listeners(), pool.reporter());
			Route route = pool.route(new HttpRoute(new HttpHost("http", "orders.example", 80)));
			long minute = Duration.ofMinutes(1).toNanos();
			for (long now : new long[] { Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE + minute - 1 }) {
				reports.reportAbandoned(new Lease(pool, "1", route, Call.unobserved(null, null, null)), true, null,
						now);
			}
			assertThat(log.at(Level.WARN, 1)).hasSize(1);
			reports.reportAbandoned(new Lease(pool, "2", route, Call.unobserved(null, null, null)), true, null,
					Long.MAX_VALUE + minute);
			assertThat(log.at(Level.WARN, 2)).hasSize(2);
			assertThat(log.at(Level.WARN).get(0).getFormattedMessage()).doesNotContain("more were lost");
			assertThat(log.at(Level.WARN).get(1).getFormattedMessage())
				.contains("2 more were lost since the last such warning", "an unknown call", "pool 'orders'");
			assertThat(PoolSnapshots.of(pool, pool.samples()).totals().leaks()).isEqualTo(4);
			pool.shutDown();
		}
	}

	@Test
	void warningShowsTheStackTraceIfAThresholdIsSet() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofMinutes(5)));
				LeakLog log = new LeakLog()) {
			LostResponse.lose(pool, upstream.uri("/length"));
			LostResponse.awaitNoneLeased(pool);
			ILoggingEvent warning = log.at(Level.WARN, 1).get(0);
			assertThat(warning.getFormattedMessage()).contains("as the stack trace shows")
				.doesNotContain("http-pool.leak-detection-threshold");
			assertThat(warning.getThrowableProxy().getStackTraceElementProxyArray()[0].getSTEAsString())
				.contains("LostResponse.lose");
		}
	}

	private static void loseTheStream(PoolFixture pool, URI uri, int bytes) throws IOException {
		CloseableHttpResponse response = pool.open(new HttpGet(uri));
		InputStream body = response.getEntity().getContent();
		if (!uri.getPath().equals("/empty")) {
			assertThat(body.readNBytes(bytes)).hasSize(bytes);
		}
	}

	private static void loseTheExchange(RestClient client, URI uri) {
		Integer status = client.get().uri(uri).exchange((request, response) -> response.getStatusCode().value(), false);
		assertThat(status).isIn(200, 500);
	}

	private static void loseTheResult(RestClient client, URI uri) {
		client.get().uri(uri).retrieve().body(InputStream.class);
	}

}
