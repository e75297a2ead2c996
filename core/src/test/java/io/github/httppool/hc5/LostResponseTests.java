package io.github.httppool.hc5;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.PoolSnapshots;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.ConnectionsBuilder;
import io.github.httppool.hc5.pool.LeakReports;
import io.github.httppool.hc5.pool.Lease;
import io.github.httppool.hc5.pool.PooledConnection;
import io.github.httppool.hc5.pool.Route;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static io.github.httppool.hc5.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for responses that their callers lose without closing them: the connection comes
 * back as soon as the garbage collector has noticed.
 */
@Tag("slow")
@Timeout(120)
class LostResponseTests {

	private static final byte[] TEXT = "hello world".repeat(1000).getBytes();

	private static final byte[] COMPRESSED = compressed(TEXT);

	private static final List<String> PATHS = List.of("/length", "/chunks", "/until-close", "/compressed", "/empty",
			"/error");

	static final ScriptedUpstream.Script BODIES = (exchange) -> {
		switch (exchange.path()) {
			case "/chunks" -> exchange.chunked(new String(TEXT), "more");
			case "/until-close" -> exchange.head(200).sendRaw(TEXT).close();
			case "/compressed" -> exchange.ok(COMPRESSED, "Content-Encoding: gzip");
			case "/empty" -> exchange.ok("");
			case "/error" -> exchange.status(500, TEXT);
			case "/redirect" -> exchange.status(302, "moved", "Location: /length");
			case "/drip" -> exchange.dripData(Duration.ofMillis(5));
			default -> exchange.ok(TEXT);
		}
	};

	@ParameterizedTest
	@EnumSource(value = Transport.class, names = { "PLAIN", "TLS_1_3" })
	void lostResponsesOfAllKindsGiveTheirConnectionsBack(Transport transport) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = transport.start(BODIES); PoolFixture pool = PoolFixture.with((settings) -> {
		}, events.listener)) {
			int lost = 0;
			for (String path : PATHS) {
				loseTheResponse(pool, upstream.uri(path));
				loseTheStream(pool, upstream.uri(path), 0);
				loseTheStream(pool, upstream.uri(path), 1);
				lost += 3;
			}
			loseTheStream(pool, upstream.uri("/length"), TEXT.length);
			loseTheResponse(pool, upstream.uri("/redirect"));
			loseTheStream(pool, upstream.uri("/drip"), 10);
			lost += 3;
			assertThat(pool.leased()).isEqualTo(lost);
			awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(lost);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(lost);
			events.assertComplete(pool.snapshot());
			assertThat(events.names.stream().filter("leakDetected"::equals)).hasSize(lost);
			assertThat(pool.get(upstream.uri("/length"))).hasSize(TEXT.length);
		}
	}

	@ParameterizedTest
	@EnumSource(value = Transport.class, names = { "PLAIN", "TLS_1_3" })
	void lostResponsesOfSpringsClientGiveTheirConnectionsBack(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(BODIES); PoolFixture pool = PoolFixture.withDefaults()) {
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
			awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(lost);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(lost);
		}
	}

	@Test
	void connectionOfALostResponseServesWhoWaitsForOne() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).acquireTimeout(Duration.ofSeconds(60)))) {
			loseTheStream(pool, upstream.uri("/length"), 1);
			CompletableFuture<String> waiting = LeaseLimitTests.inThread("waiting",
					() -> pool.get(upstream.uri("/length")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			collectingGarbage().until(waiting::isDone);
			assertThat(waiting.get()).hasSize(TEXT.length);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void requestThatIsStillHeldKeepsNoResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet request = new HttpGet(upstream.uri("/length"));
			pool.open(request);
			awaitNoneLeased(pool);
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(1);
			request.cancel();
			assertThat(pool.get(upstream.uri("/length"))).hasSize(TEXT.length);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void connectionThatWasClosedMeanwhileLeavesItsPlaceToo() throws Exception {
		AtomicReference<PooledConnection> opened = new AtomicReference<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
				opened.set((PooledConnection) connection);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			loseTheStream(pool, upstream.uri("/drip"), 1);
			opened.get().close(CloseReason.ERROR, CloseMode.IMMEDIATE);
			assertThat(pool.leased()).isEqualTo(1);
			awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(1);
			assertThat(pool.snapshot().totals().closed()).containsOnlyKeys(CloseReason.ERROR);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void callWithADeadlineLosesNothingButItsResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofMinutes(5)))) {
			loseTheResponse(pool, upstream.uri("/length"));
			loseTheStream(pool, upstream.uri("/drip"), 1);
			assertThat(pool.pool.watches()).isEqualTo(2);
			awaitNoneLeased(pool);
			assertThat(pool.pool.watches()).isZero();
			assertThat(pool.closed(CloseReason.LEAK)).isEqualTo(2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void warningSaysWhatWasLostAndWhatToDo() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture.withDefaults();
				LeakLog log = new LeakLog()) {
			loseTheResponse(pool, upstream.uri("/length?secret=1"));
			loseTheResponse(pool, upstream.uri("/length?secret=2"));
			awaitNoneLeased(pool);
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
	void warningsComeOnceAMinuteAndTellHowManyWereNotToldOf() {
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
	void warningShowsTheStackWhereAThresholdIsSet() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofMinutes(5)));
				LeakLog log = new LeakLog()) {
			loseTheResponse(pool, upstream.uri("/length"));
			awaitNoneLeased(pool);
			ILoggingEvent warning = log.at(Level.WARN, 1).get(0);
			assertThat(warning.getFormattedMessage()).contains("as the stack trace shows")
				.doesNotContain("http-pool.leak-detection-threshold");
			assertThat(warning.getThrowableProxy().getStackTraceElementProxyArray()[0].getSTEAsString())
				.contains("LostResponseTests.loseTheResponse");
		}
	}

	static void loseTheResponse(PoolFixture pool, URI uri) throws IOException {
		ClassicHttpResponse response = pool.client.executeOpen(null, new HttpGet(uri), null);
		assertThat(response.getEntity()).isNotNull();
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

	static void awaitNoneLeased(PoolFixture pool) {
		collectingGarbage().until(() -> pool.leased() == 0);
	}

	private static ConditionFactory collectingGarbage() {
		return Awaitility.await()
			.pollInterval(Duration.ofMillis(100))
			.atMost(Duration.ofSeconds(30))
			.conditionEvaluationListener((condition) -> System.gc());
	}

	static byte[] compressed(byte[] text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(text);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

}
