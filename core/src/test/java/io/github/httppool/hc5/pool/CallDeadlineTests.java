package io.github.httppool.hc5.pool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CallPhase;
import io.github.httppool.CallTimeout;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.hc5.net.Lookup;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Soon;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the time limit of a whole call, in each thing that a call does.
 */
@Tag("waiting")
@Timeout(60)
class CallDeadlineTests {

	private static final Duration LIMIT = Duration.ofMillis(300);

	/** A call may end so much later on a machine that does other things as well. */
	private static final Duration LATEST = Duration.ofMillis(1500);

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	/**
	 * The first handshake of a JVM takes longer than the limit of these calls.
	 */
	@BeforeAll
	static void loadClasses() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
		}
	}

	// What a call does

	@Test
	void endsTheWaitForAConnection() throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/held")) {
				held.await(30, TimeUnit.SECONDS);
			}
			exchange.ok("hello");
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1)); Other other = new Other()) {
			Future<?> holder = other.does(() -> pool.get(upstream.uri("/held")));
			Soon.soon().until(() -> upstream.requests().size() == 1);
			CallTimeoutException ex = assertEnds(() -> get(pool, upstream.uri("/"), LIMIT), CallPhase.ACQUIRING);
			assertThat(ex.getPhases()).containsOnlyKeys(CallPhase.ACQUIRING);
			assertThat(pool.snapshot().connections().pending()).isZero();
			held.countDown();
			holder.get(10, TimeUnit.SECONDS);
			assertServesOn(pool, upstream);
		}
	}

	@Test
	void endsALookUp() throws Exception {
		CountDownLatch answered = new CountDownLatch(1);
		try (ResolvingPool pool = new ResolvingPool(LIMIT, (host) -> {
			answered.await(30, TimeUnit.SECONDS);
			return InetAddress.getLoopbackAddress();
		})) {
			CallTimeoutException ex = assertEnds(() -> pool.get(URI.create("http://slow.example/")),
					CallPhase.RESOLVING);
			assertThat(ex.getPhases()).containsOnlyKeys(CallPhase.ACQUIRING, CallPhase.RESOLVING);
			pool.assertNothingHeld();
			answered.countDown();
		}
	}

	@Test
	void endsALookUpThatHasNoLimitOfItsOwn() throws Exception {
		CountDownLatch answered = new CountDownLatch(1);
		try (ResolvingPool pool = new ResolvingPool(LIMIT, (host) -> {
			answered.await(30, TimeUnit.SECONDS);
			return InetAddress.getLoopbackAddress();
		})) {
			assertEnds(() -> pool.get(URI.create("http://slow.example/"), org.apache.hc.core5.util.Timeout.DISABLED),
					CallPhase.RESOLVING);
			pool.assertNothingHeld();
			answered.countDown();
		}
	}

	@Test
	void leavesALookUpToTheConnectTimeoutWhereThatIsShorter() throws Exception {
		CountDownLatch answered = new CountDownLatch(1);
		try (ResolvingPool pool = new ResolvingPool(Duration.ofSeconds(20), (host) -> {
			answered.await(30, TimeUnit.SECONDS);
			return InetAddress.getLoopbackAddress();
		})) {
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get(URI.create("http://slow.example/"),
						org.apache.hc.core5.util.Timeout.ofMilliseconds(200)))
				.withMessageContaining("within 200ms")
				.withMessageContaining("http-pool.connect-timeout");
			pool.assertNothingHeld();
			answered.countDown();
		}
	}

	@Test
	void endsAConnect() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(Duration.ofSeconds(20)))) {
			CallTimeoutException ex = assertEnds(() -> get(pool, dead.uri(), LIMIT), CallPhase.CONNECTING);
			assertThat(ex.getPhases()).containsKeys(CallPhase.ACQUIRING, CallPhase.CONNECTING);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void endsAHandshake() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)
			.onConnect((connection) -> connection.awaitClientClose(Duration.ofSeconds(20)));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.tlsHandshakeTimeout(Duration.ofSeconds(20)))) {
			assertEnds(() -> get(pool, URI.create("https://127.0.0.1:" + upstream.port()), LIMIT),
					CallPhase.TLS_HANDSHAKE);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().opened()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void endsTheSendingOfABodyThatTheServerDoesNotAccept(Transport transport) throws Exception {
		byte[] large = new byte[16 * 1024 * 1024];
		CountDownLatch ended = new CountDownLatch(1);
		try (ScriptedUpstream upstream = transport.start(HELLO).beforeBody((connection) -> {
			if (connection.number() == 0) {
				ended.await(30, TimeUnit.SECONDS);
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new StringEntity(new String(large, StandardCharsets.ISO_8859_1)));
			assertEnds(() -> execute(pool, post, LIMIT), CallPhase.SENDING);
			ended.countDown();
			assertServesOn(pool, upstream);
		}
	}

	@ParameterizedTest
	@EnumSource
	void endsTheWaitForAResponse(Transport transport) throws Exception {
		assertEndsAt(transport, (exchange) -> exchange.stall(), CallPhase.WAITING);
	}

	@ParameterizedTest
	@EnumSource
	void endsAnEndlessRunOfInterimResponses(Transport transport) throws Exception {
		assertEndsAt(transport,
				(exchange) -> exchange.drip("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Duration.ofMillis(20)),
				CallPhase.WAITING);
	}

	@ParameterizedTest
	@EnumSource
	void endsAHeadThatDrips(Transport transport) throws Exception {
		assertEndsAt(transport,
				(exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nX: ").drip("x", Duration.ofMillis(20)),
				CallPhase.WAITING);
	}

	@ParameterizedTest
	@EnumSource
	void endsTheReadingOfABodyThatDrips(Transport transport) throws Exception {
		assertEndsAt(transport, (exchange) -> exchange.dripData(Duration.ofMillis(20)), CallPhase.READING);
	}

	@Test
	void endsTheReadingOfABodyInChunkExtensions() throws Exception {
		assertEndsAt(Transport.PLAIN, (exchange) -> exchange.dripChunkExtension(Duration.ofMillis(20)),
				CallPhase.READING);
	}

	@Test
	void endsTheReadingOfABodyThatEndsWithTheConnection() throws Exception {
		assertEndsAt(Transport.PLAIN, (exchange) -> exchange.head(200).drip("x", Duration.ofMillis(20)),
				CallPhase.READING);
	}

	@Test
	void endsTheReadingOfACompressedBody() throws Exception {
		assertEndsAt(Transport.PLAIN, (exchange) -> {
			exchange.head(200, "Content-Encoding: gzip");
			GZIPOutputStream gzip = new GZIPOutputStream(new Raw(exchange), true);
			while (true) {
				gzip.write(new byte[50]);
				gzip.flush();
				exchange.after(Duration.ofMillis(20));
			}
		}, CallPhase.READING);
	}

	@Test
	void endsAWaitForContinue() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO).ignoreExpect();
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.expectContinueTimeout(Duration.ofSeconds(20)))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			post.setEntity(new StringEntity("body"));
			assertEnds(() -> execute(pool, post, LIMIT), CallPhase.WAITING);
			assertServesOn(pool, upstream);
		}
	}

	@Test
	void countsOverAllHopsOfARedirect() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/ok")) {
				exchange.ok("hello");
			}
			else {
				exchange.after(Duration.ofMillis(70)).status(302, "", "Location: /" + System.nanoTime());
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			CallTimeoutException ex = assertEnds(() -> get(pool, upstream.uri("/"), LIMIT), CallPhase.WAITING);
			assertThat(upstream.requests().size()).isBetween(2, 6);
			assertThat(ex.getPhases().get(CallPhase.WAITING)).isGreaterThan(Duration.ofMillis(150));
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void endsWithinAProxyTunnel() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT),
						(client) -> client.setProxy(new HttpHost("127.0.0.1", proxy.port())))) {
			CallTimeoutException ex = assertEnds(() -> pool.get(URI.create("https://target.example/")),
					CallPhase.WAITING);
			assertThat(ex.getRoute()).isEqualTo("https://target.example:443 via http://127.0.0.1:" + proxy.port());
			assertThat(pool.leased()).isZero();
		}
	}

	// Threads

	@Test
	void endsTheReadingInAnotherThread() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.dripData(Duration.ofMillis(20)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT));
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")));
				Other other = new Other()) {
			InputStream body = response.getEntity().getContent();
			Future<byte[]> read = other.does(body::readAllBytes);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> read.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(CallTimeoutException.class);
			Soon.soon().untilAsserted(() -> assertThat(pool.leased()).isZero());
		}
	}

	@Test
	void endsACallWhoseCallerDoesNothing() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Content-Length: 100").sendRaw("x").stall());
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT));
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			Soon.soon().until(() -> upstream.lastConnection().isClosedByClient());
			InputStream body = response.getEntity().getContent();
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(body::readAllBytes)
				.satisfies((ex) -> assertThat(ex.getPhase()).isEqualTo(CallPhase.READING));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "acquireStarted", "acquireEnded", "dnsEnded", "connectStarted", "connectEnded",
			"tlsStarted", "tlsEnded", "requestSent", "responseStarted" })
	void passesBetweenAnyTwoSteps(String step) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT.multipliedBy(2)),
						events.listener)) {
			int handshakes = step.equals("tlsStarted") ? 1 : 0;
			events.once(step, () -> Soon.soon().until(() -> pool.pool.scheduledTimeouts() == handshakes));
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.satisfies((ex) -> {
					Duration sum = ex.getPhases().values().stream().reduce(Duration.ZERO, Duration::plus);
					assertThat(sum).isCloseTo(LIMIT.multipliedBy(2), Duration.ofMillis(1));
				});
			assertServesOn(pool, upstream);
			events.assertComplete(pool.snapshot());
		}
	}

	@Test
	void endsThePauseBeforeARetryOfACustomizers() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(503, "", "Retry-After: 20"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT),
						(client) -> client.setRetryStrategy(new DefaultHttpRequestRetryStrategy()))) {
			assertEnds(() -> pool.get(upstream.uri("/")), null);
			assertThat(Thread.interrupted()).as("the interrupt does not outlast the call").isFalse();
			assertThat(upstream.requests()).hasSize(1);
			assertThat(pool.leased()).isZero();
			assertThat(pool.pool.scheduledTimeouts()).isZero();
		}
	}

	@Test
	void letsNoCustomizerRetryWhatIsTooLate() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		DefaultHttpRequestRetryStrategy always = new DefaultHttpRequestRetryStrategy() {

			@Override
			public boolean retryRequest(HttpRequest request, IOException failure, int times, HttpContext context) {
				asked.incrementAndGet();
				return times < 5;
			}

			@Override
			public TimeValue getRetryInterval(HttpRequest request, IOException failure, int times,
					HttpContext context) {
				return TimeValue.ofSeconds(5);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(stallOnce());
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT),
						(client) -> client.setRetryStrategy(always))) {
			assertEnds(() -> pool.get(upstream.uri("/")), CallPhase.WAITING);
			assertThat(asked).hasValue(0);
			assertServesOn(pool, upstream);
		}
	}

	@Test
	void endsAWaitInWhatProducesTheBody() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null, (out) -> {
				try {
					new CountDownLatch(1).await(20, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw new InterruptedIOException();
				}
			}));
			assertEnds(() -> pool.read(post), CallPhase.SENDING);
			assertThat(Thread.interrupted()).isFalse();
			assertServesOn(pool, upstream);
		}
	}

	@Test
	void leavesTheThreadUninterruptedAndUsable() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(stallOnce());
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertEnds(() -> get(pool, upstream.uri("/"), LIMIT), CallPhase.WAITING);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			assertServesOn(pool, upstream);
		}
	}

	// What is not touched

	@Test
	void endsWithTheBodyAndNotLater() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			for (int i = 0; i < 10; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				Pause.ofMillis(60);
			}
			assertThat(upstream.accepted()).as("no deadline of a call that is over closed a connection").isOne();
			assertThat(pool.snapshot().totals().closed()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HEAD", "GET" })
	void endsWithAResponseThatHasNoBody(String method) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.head(204));
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			for (int i = 0; i < 3; i++) {
				HttpUriRequestBase request = new HttpUriRequestBase(method, upstream.uri("/"));
				try (CloseableHttpResponse response = pool.open(request)) {
					Pause.of(LIMIT.plusMillis(50));
					assertThat(response.getCode()).isEqualTo(204);
				}
			}
			assertThat(upstream.accepted()).isOne();
		}
	}

	@Test
	void closingInTimeDrainsAsEver() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(200);
				Pause.of(LIMIT.dividedBy(2));
			}
			assertThat(upstream.accepted()).isOne();
		}
	}

	@Test
	void otherLimitsThatComeFirstSayThatItWasThem() throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			held.await(30, TimeUnit.SECONDS);
			exchange.ok("hello");
		});
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1)
					.acquireTimeout(Duration.ofMillis(100))
					.callTimeout(Duration.ofSeconds(20)));
				Other other = new Other()) {
			Future<?> holder = other.does(() -> pool.get(upstream.uri("/")));
			Soon.soon().until(() -> upstream.requests().size() == 1);
			assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			held.countDown();
			holder.get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void callWithoutADeadlineHasNoWatch() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				assertThat(pool.pool.scheduledTimeouts()).isZero();
				assertThat(response.getCode()).isEqualTo(200);
			}
		}
	}

	@Test
	void callThatEndedLeavesNoWatchBehind() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/redirect" -> exchange.status(302, "here", "Location: /");
				case "/close" -> exchange.close();
				default -> exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofHours(1)))) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/redirect"));
			pool.ignore(upstream.uri("/"));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(upstream.uri("/close")));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(URI.create("http://no.invalid/")));
			assertThat(pool.pool.scheduledTimeouts()).isZero();
		}
	}

	// Where it comes from

	@Test
	void limitOfOneCallOverridesThatOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(600)).ok("late"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			assertThat(get(pool, upstream.uri("/"), Duration.ofSeconds(20))).isEqualTo("late");
			assertThat(get(pool, upstream.uri("/"), Duration.ZERO)).isEqualTo("late");
			try (Closeable outer = HttpClientPool.withCallTimeout(Duration.ofSeconds(20))) {
				try (Closeable inner = HttpClientPool.withCallTimeout(Duration.ofMillis(1))) {
					assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
				}
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("late");
			}
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
		}
	}

	/**
	 * As for a token, in the thread of a call that may take any time.
	 */
	@Test
	void limitOfOneCallIsNotThatOfACallWithinIt() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/token")) {
				exchange.stall();
			}
			exchange.ok("hello");
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT)); Other other = new Other()) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null,
					(out) -> assertThatExceptionOfType(CallTimeoutException.class)
						.isThrownBy(() -> pool.get(upstream.uri("/token")))));
			Future<?> calls = other.does(() -> {
				try (Closeable scope = HttpClientPool.withCallTimeout(Duration.ZERO)) {
					assertThat(pool.read(post)).isEqualTo("hello");
					assertThat(pool.read(post)).isEqualTo("hello");
				}
				return null;
			});
			calls.get(10, TimeUnit.SECONDS);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void valueThatIsNoTimeIsRefused() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			for (Object value : List.of("2s", Duration.ofMillis(-1), Duration.ofDays(365))) {
				HttpClientContext context = HttpClientContext.create();
				context.setAttribute(CallTimeout.ATTRIBUTE, value);
				assertThatIllegalArgumentException()
					.isThrownBy(
							() -> pool.client.execute(new HttpGet("http://127.0.0.1:1/"), context, (response) -> null))
					.withMessageContaining(CallTimeout.ATTRIBUTE)
					.withMessageContaining(value.toString())
					.withMessageContaining("java.time.Duration");
			}
		}
	}

	// The exception

	@Test
	void exceptionTellsThePhasesAndTheirTimes() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(100)).dripData(Duration.ofMillis(20)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			CallTimeoutException ex = assertEnds(() -> pool.get(upstream.uri("/orders?secret=1")), CallPhase.READING);
			assertThat(ex).hasMessageContaining("GET /orders took longer than 300ms")
				.hasMessageContaining("pool 'default'")
				.hasMessageContaining("http-pool.call-timeout")
				.hasMessageContaining(upstream.url())
				.hasMessageContaining("It was reading the body")
				.hasMessageContaining("waiting for the response")
				.hasMessageNotContaining("secret")
				.hasCauseInstanceOf(SocketTimeoutException.class);
			assertThat(ex.getPool()).isEqualTo("default");
			assertThat(ex.getRoute()).isEqualTo(upstream.url());
			assertThat(ex.getPhases()).containsOnlyKeys(CallPhase.ACQUIRING, CallPhase.RESOLVING, CallPhase.CONNECTING,
					CallPhase.SENDING, CallPhase.WAITING, CallPhase.READING);
			assertThat(ex.getPhases().get(CallPhase.WAITING)).isGreaterThanOrEqualTo(Duration.ofMillis(90));
			Duration sum = ex.getPhases().values().stream().reduce(Duration.ZERO, Duration::plus);
			assertThat(sum).isBetween(LIMIT.minusMillis(1), LIMIT.plusMillis(1));
		}
	}

	@Test
	void exceptionNamesNoRouteWhereTheCallWasNotYetOnItsWay() throws Exception {
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT), (client) -> client
			.addExecInterceptorBefore(ChainElement.CONNECT.name(), "slow", (request, scope, chain) -> {
				try {
					new CountDownLatch(1).await(LIMIT.toMillis() + 100, TimeUnit.MILLISECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				throw new IOException("of an interceptor");
			}))) {
			CallTimeoutException ex = assertEnds(() -> pool.get(URI.create("http://unused.example/orders")),
					CallPhase.ACQUIRING);
			assertThat(ex).hasMessageContaining("GET /orders took longer than 300ms")
				.hasMessageNotContaining("on the way to");
			assertThat(ex.getRoute()).isEmpty();
			assertThat(ex.getPhases()).containsOnlyKeys(CallPhase.ACQUIRING);
			assertThat(pool.pool.scheduledTimeouts()).isZero();
			assertThat(pool.snapshot().totals().calls()).isZero();
		}
	}

	@Test
	void exceptionCanBeSentToAnotherMachine() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT))) {
			CallTimeoutException ex = assertEnds(() -> pool.get(upstream.uri("/")), null);
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
				stream.writeObject(ex);
			}
			try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
				CallTimeoutException copy = (CallTimeoutException) stream.readObject();
				assertThat(copy).hasMessage(ex.getMessage());
				assertThat(copy.getPhase()).isEqualTo(ex.getPhase());
				assertThat(copy.getPhases()).isEmpty();
			}
		}
	}

	@Test
	void manyCallsAtOnceAllEndInTime() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT));
				Other other = new Other()) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				calls.add(other.does(() -> assertEnds(() -> pool.get(upstream.uri("/")), null)));
			}
			for (Future<?> call : calls) {
				call.get(20, TimeUnit.SECONDS);
			}
			assertThat(pool.leased()).isZero();
			assertThat(pool.pool.scheduledTimeouts()).isZero();
		}
	}

	// Tools

	private static void assertEndsAt(Transport transport, ScriptedUpstream.Script script, CallPhase phase)
			throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> {
			if (exchange.path().equals("/ok")) {
				exchange.ok("hello");
			}
			else {
				script.answer(exchange);
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			// Warm, so that TLS does not take up the time.
			pool.get(upstream.uri("/ok"));
			assertEnds(() -> get(pool, upstream.uri("/"), LIMIT), phase);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			Soon.soon().until(() -> upstream.connections().get(0).isClosedByClient());
			assertServesOn(pool, upstream);
		}
	}

	private static CallTimeoutException assertEnds(IoAction call, CallPhase phase) throws Exception {
		long started = System.nanoTime();
		try {
			call.run();
		}
		catch (CallTimeoutException ex) {
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(LIMIT.minusMillis(5), LATEST);
			if (phase != null) {
				assertThat(ex.getPhase()).as(ex.getMessage()).isEqualTo(phase);
			}
			return ex;
		}
		throw new AssertionError("The call did not time out");
	}

	private static void assertServesOn(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		assertThat(pool.leased()).isZero();
		assertThat(pool.pool.scheduledTimeouts()).isZero();
		assertThat(pool.get(upstream.uri("/ok"))).isEqualTo("hello");
		RecordedEvents.assertAccounted(pool.snapshot());
	}

	private static ScriptedUpstream.Script stallOnce() {
		return (exchange) -> {
			if (exchange.path().equals("/ok")) {
				exchange.ok("hello");
			}
			else {
				exchange.stall();
			}
		};
	}

	private static String get(PoolFixture pool, URI uri, Duration limit) throws IOException {
		return execute(pool, new HttpGet(uri), limit);
	}

	private static String execute(PoolFixture pool, ClassicHttpRequest request, Duration limit) throws IOException {
		HttpClientContext context = HttpClientContext.create();
		context.setAttribute(CallTimeout.ATTRIBUTE, limit);
		return pool.client.execute(request, context, (response) -> EntityUtils.toString(response.getEntity()));
	}

	private interface IoAction {

		Object run() throws Exception;

	}

	/** Writes to an exchange. */
	private static final class Raw extends OutputStream {

		private final Exchange exchange;

		Raw(Exchange exchange) {
			this.exchange = exchange;
		}

		@Override
		public void write(int b) throws IOException {
			this.exchange.sendRaw(new byte[] { (byte) b });
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.exchange.sendRaw(Arrays.copyOfRange(bytes, offset, offset + length));
		}

	}

	/** Other threads, for as long as a test runs. */
	private static final class Other implements AutoCloseable {

		private final ExecutorService threads = Executors.newCachedThreadPool();

		<T> Future<T> does(Callable<T> task) {
			return this.threads.submit(task);
		}

		@Override
		public void close() {
			this.threads.shutdownNow();
		}

	}

	/** A pool with another way to look hosts up. */
	private static final class ResolvingPool implements AutoCloseable {

		private final HttpClientPool pool;

		private final CloseableHttpClient client;

		ResolvingPool(Duration callTimeout, Lookup lookup) {
			HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					connections.setDnsResolver(lookup.resolver());
				}

			};
			this.pool = new HttpClientPool("default",
					HttpPoolSettings.builder().callTimeout(callTimeout).connectTimeout(Duration.ofSeconds(20)).build(),
					List.of(), List.of(customizer), null, null);
			HttpClientBuilder builder = HttpClientBuilder.create();
			this.pool.configureClient(builder, false, true);
			this.pool.attach(builder);
			this.client = builder.build();
		}

		String get(URI uri) throws IOException {
			return this.client.execute(new HttpGet(uri), (response) -> EntityUtils.toString(response.getEntity()));
		}

		@SuppressWarnings("deprecation")
		String get(URI uri, org.apache.hc.core5.util.Timeout connectTimeout) throws IOException {
			HttpGet get = new HttpGet(uri);
			get.setConfig(RequestConfig.custom().setConnectTimeout(connectTimeout).build());
			return this.client.execute(get, (response) -> EntityUtils.toString(response.getEntity()));
		}

		void assertNothingHeld() {
			assertThat(this.pool.snapshot().connections().leased()).isZero();
			assertThat(this.pool.scheduledTimeouts()).isZero();
		}

		@Override
		public void close() {
			this.pool.shutDown();
		}

	}

	private interface Lookup {

		InetAddress find(String host) throws InterruptedException;

		default DnsResolver resolver() {
			return new DnsResolver() {

				@Override
				public InetAddress[] resolve(String host) throws UnknownHostException {
					try {
						return new InetAddress[] { find(host) };
					}
					catch (InterruptedException ex) {
						throw new UnknownHostException(host);
					}
				}

				@Override
				public String resolveCanonicalHostname(String host) {
					return host;
				}

				@Override
				public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
					return List.of(new InetSocketAddress(resolve(host)[0], port));
				}

			};
		}

	}

}
