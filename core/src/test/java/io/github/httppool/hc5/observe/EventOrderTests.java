package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.httppool.CallInfo;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.hc5.pool.Lease;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that listeners receive every step of a call once and in order, with the identity
 * that joins the steps.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventOrderTests {

	private static final String[] ASKED = { "acquireStarted", "acquireEnded" };

	private static final String[] CONNECTED = { "dnsStarted", "dnsEnded", "connectStarted", "connectEnded" };

	private static final String[] SECURED = { "tlsStarted", "tlsEnded" };

	private static final String[] OPENED = { "connectionOpened" };

	private static final String[] SENT = { "requestHeadSent", "requestSent" };

	private final Steps steps = new Steps();

	@ParameterizedTest
	@EnumSource
	void reusedConnectionIsNotOpenedAgain(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok("hello"));
				PoolFixture pool = pool()) {
			pool.get(upstream.uri("/"));
			this.steps.shouldBe(one("callStarted"), opening(transport), SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
			pool.get(upstream.uri("/"));
			this.steps.shouldBe(one("callStarted"), ASKED, SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HEAD", "204", "304", "Content-Length: 0" })
	void responseWithoutABodyEndsWithItsHead(String kind) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (kind) {
				case "HEAD" -> exchange.head(200, "Content-Length: 9");
				case "204", "304" -> exchange.head(Integer.parseInt(kind));
				default -> exchange.head(200, kind);
			}
		}); PoolFixture pool = pool()) {
			pool.read(kind.equals("HEAD") ? new HttpHead(upstream.uri("/")) : new HttpGet(upstream.uri("/")));
			String status = kind.matches("\\d+") ? kind : "200";
			this.steps.shouldBe(one("callStarted"), opening(Transport.PLAIN), SENT,
					many("firstByteReceived", "responseStarted " + status, "bodyEnded 0", "released", "callEnded"));
		}
	}

	@Test
	void chunkedAndCloseDelimitedBodiesEndBeforeTheirCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = pool()) {
			pool.get(upstream.uri("/chunked"));
			this.steps.shouldEndWith("responseStarted 200", "bodyEnded 11", "released", "callEnded");
			pool.get(upstream.uri("/until-close"));
			this.steps.shouldEndWith("responseStarted 200", "bodyEnded 5", "released server-close",
					"connectionClosed server-close", "callEnded");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void requestBodyIsSentBeforeTheResponse(boolean chunked) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = pool()) {
			String text = "x".repeat(100_000);
			HttpPost request = new HttpPost(upstream.uri("/"));
			InputStream content = new StringEntity(text).getContent();
			request.setEntity(
					chunked ? new InputStreamEntity(content, -1, ContentType.TEXT_PLAIN) : new StringEntity(text));
			pool.read(request);
			assertThat(upstream.requests().get(0).body()).hasSize(100_000);
			this.steps.shouldEndWith("connectionOpened", "requestHeadSent", "requestBodySent 100000", "requestSent",
					"firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded");
		}
	}

	@Test
	void requestThatExpectsToContinueIsSentInTwoSteps() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = pool()) {
			HttpPost request = new HttpPost(upstream.uri("/"));
			request.setEntity(new StringEntity("content"));
			request.setHeader("Expect", "100-continue");
			pool.read(request);
			this.steps.shouldEndWith("connectionOpened", "requestHeadSent", "requestSent", "firstByteReceived",
					"informationReceived 100", "requestBodySent 7", "responseStarted 200", "bodyEnded 5", "released",
					"callEnded");
		}
	}

	@Test
	void interimResponsesAreReportedBetweenRequestAndResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.head(103).head(103).ok("hello"));
				PoolFixture pool = pool()) {
			pool.get(upstream.uri("/"));
			this.steps.shouldEndWith("requestSent", "firstByteReceived", "informationReceived 103",
					"informationReceived 103", "responseStarted 200", "bodyEnded 5", "released", "callEnded");
		}
	}

	@Test
	void redirectIsASecondLeaseOfTheSameCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().startsWith("/from")) {
				exchange.status(302, "elsewhere", "Location: /to");
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = pool()) {
			pool.get(upstream.uri("/from?secret=1"));
			this.steps.shouldBe(one("callStarted"), opening(Transport.PLAIN), SENT,
					many("firstByteReceived", "responseStarted 302", "bodyEnded 9", "drained reused", "released"),
					ASKED, SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
			assertThat(this.steps.calls).containsExactly("GET /from");
		}
	}

	@Test
	void challengeIsASecondExchangeOfTheSameLease() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x");
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = pool(EventOrderTests::credentials)) {
			pool.get(upstream.uri("/"));
			this.steps.shouldBe(one("callStarted"), opening(Transport.PLAIN), SENT,
					many("firstByteReceived", "responseStarted 401", "bodyEnded 4", "drained reused"), SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
		}
	}

	@Test
	void tunnelIsOpenedAfterTheChallengeOfItsProxy() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (!exchange.method().equals("CONNECT")) {
				exchange.ok("hello");
			}
			else if (exchange.request().header("Proxy-Authorization") != null) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				exchange.status(407, "who?", "Proxy-Authenticate: Basic realm=x");
			}
		}); PoolFixture pool = pool((client) -> {
			credentials(client);
			client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port()));
		})) {
			pool.get(URI.create("https://127.0.0.1:" + proxy.port() + "/"));
			this.steps.shouldBe(one("callStarted"), opening(Transport.PLAIN), SENT,
					many("firstByteReceived", "responseStarted 407", "bodyEnded 4", "drained reused"), SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 0"), SECURED, SENT,
					many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void replayIsASecondLeaseOfTheSameCall(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> {
			if (exchange.path().equals("/again") && exchange.request().connection() == 0) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = pool()) {
			pool.get(upstream.uri("/"));
			this.steps.forget();
			pool.get(upstream.uri("/again"));
			this.steps.shouldBe(one("callStarted"), ASKED, SENT,
					many("exchangeFailed", "released stale", "connectionClosed stale", "replayed"), opening(transport),
					SENT, many("firstByteReceived", "responseStarted 200", "bodyEnded 5", "released", "callEnded"));
		}
	}

	@Test
	void unreadBodyIsDrained() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = pool()) {
			pool.ignore(upstream.uri("/"));
			this.steps.shouldEndWith("responseStarted 200", "bodyEnded 5", "drained reused", "released", "callEnded");
			pool.ignore(upstream.uri("/gigabyte"));
			this.steps.shouldEndWith("responseStarted 200", "drained too-large", "released drain-bytes",
					"connectionClosed drain-bytes", "callEnded");
		}
	}

	@ParameterizedTest
	@EnumSource
	void truncatedBodyEndsWithAnError(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(Scripts.AS_ASKED); PoolFixture pool = pool()) {
			assertThatThrownBy(() -> pool.get(upstream.uri("/truncated"))).isInstanceOf(IOException.class);
			this.steps.shouldEndWith("responseStarted 200", "exchangeFailed", "released error",
					"connectionClosed error", "callEnded");
		}
	}

	@Test
	void garbageFailsTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = pool()) {
			assertThatThrownBy(() -> pool.get(upstream.uri("/garbage"))).isInstanceOf(IOException.class);
			this.steps.shouldEndWith("requestSent", "firstByteReceived", "exchangeFailed", "released error",
					"connectionClosed error", "callEnded failed");
		}
	}

	@Test
	void failureOfARequestBodyEndsTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = pool()) {
			HttpPost request = new HttpPost(upstream.uri("/"));
			request.setEntity(new FailingEntity());
			assertThatThrownBy(() -> pool.read(request)).isInstanceOf(LinkageError.class);
			this.steps.shouldEndWith("requestHeadSent", "exchangeFailed", "released error", "connectionClosed error",
					"callEnded failed");
		}
	}

	@Test
	void connectionThatCannotBeOpenedFailsTheCall() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(Duration.ofMillis(200)),
						this.steps.listener)) {
			this.steps.forget();
			assertThatThrownBy(() -> pool.get(dead.uri())).isInstanceOf(IOException.class);
			this.steps.shouldBe(one("callStarted"), ASKED, CONNECTED, many("released error", "callEnded failed"));
		}
	}

	@Test
	void rejectedCallEndsWithItsAcquire() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(1).maxPending(0),
						this.steps.listener);
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			this.steps.shouldEndWith("firstByteReceived", "responseStarted 200");
			assertThatThrownBy(() -> pool.get(upstream.uri("/"))).isInstanceOf(IOException.class);
			this.steps.shouldBe(one("callStarted"), ASKED, one("callEnded failed"));
			assertThat(held.getCode()).isEqualTo(200);
			held.close();
			this.steps.shouldBe(many("bodyEnded 5", "drained reused", "released", "callEnded"));
		}
	}

	/** The steps of two threads mix, but the end of the call comes after all of them. */
	@ParameterizedTest
	@ValueSource(strings = { "/stall", "/drip" })
	void cancelledCallEnds(String path) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = pool()) {
			this.steps.sameThread = false;
			HttpGet request = new HttpGet(upstream.uri(path));
			String started = path.equals("/drip") ? "responseStarted 200" : "requestSent";
			Thread canceller = new Thread(() -> {
				soon().until(() -> this.steps.seen().contains(started));
				request.cancel();
			});
			canceller.start();
			assertThatThrownBy(() -> pool.read(request)).isInstanceOf(IOException.class);
			canceller.join();
			List<String> seen = this.steps.seen();
			assertThat(seen).containsOnlyOnce("released cancelled", "connectionClosed cancelled");
			// A response that was given up before the first read is no failure.
			assertThat(seen.stream().filter("exchangeFailed"::equals)).hasSizeBetween(path.equals("/drip") ? 0 : 1, 1);
			assertThat(seen.stream().filter((step) -> step.startsWith("callEnded"))).hasSize(1);
			assertThat(seen).endsWith(path.equals("/drip") ? "callEnded" : "callEnded failed");
		}
	}

	/**
	 * Who joins the steps of a call forgets it at its end.
	 */
	@Test
	void nothingIsReportedAboutACallThatHasEnded() throws Exception {
		List<String> late = new CopyOnWriteArrayList<>();
		Map<Long, Boolean> ended = new ConcurrentHashMap<>();
		HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			if (method.getName().equals("callEnded")) {
				ended.put(((CallInfo) arguments[0]).id(), true);
			}
			else if (arguments[0] instanceof LeaseInfo lease && ended.containsKey(lease.callId())) {
				late.add(method.getName());
			}
			return null;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			for (int i = 0; i < 40; i++) {
				HttpGet request = new HttpGet(upstream.uri("/drip"));
				try (CloseableHttpResponse response = pool.open(request)) {
					Thread canceller = new Thread(request::cancel);
					InputStream body = response.getEntity().getContent();
					body.read();
					canceller.start();
					assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
					canceller.join();
				}
			}
			assertThat(ended).hasSize(40);
			assertThat(late).isEmpty();
		}
	}

	@Test
	void timeForWhichAConnectionWasHeldEndsWithTheLease() throws Exception {
		List<LeaseInfo> leases = new CopyOnWriteArrayList<>();
		List<Duration> held = new CopyOnWriteArrayList<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void released(LeaseInfo lease, CloseReason notKept) {
				leases.add(lease);
				held.add(lease.heldFor());
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			pool.get(upstream.uri("/"));
			assertThat(held).hasSize(1).allMatch((time) -> !time.isZero() && !time.isNegative());
			pool.get(upstream.uri("/"));
			assertThat(leases.get(0).heldFor()).isEqualTo(held.get(0));
		}
	}

	@Test
	void firstByteIsReportedWhenItArrivesAndNotWithTheHead() throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void firstByteReceived(LeaseInfo lease) {
				told.countDown();
			}

		};
		AtomicReference<Boolean> inTime = new AtomicReference<>();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			String answer = Exchange.headText(200, "Content-Length: 0");
			exchange.sendRaw(answer.substring(0, 1));
			inTime.set(told.await(10, TimeUnit.SECONDS));
			exchange.sendRaw(answer.substring(1));
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, listener)) {
			pool.get(upstream.uri("/"));
			assertThat(inTime).hasValue(true);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bytesMatchThoseOfTheServerEvenAfterTheClose(Transport transport) throws Exception {
		AtomicReference<PooledConnectionInfo> kept = new AtomicReference<>();
		Map<String, long[]> closed = new ConcurrentHashMap<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
				assertThat(lease.connection()).isSameAs(connection);
				kept.set(connection);
			}

			@Override
			public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
				closed.put(connection.id(), new long[] { connection.bytesReceived(), connection.bytesSent() });
			}

		};
		try (ScriptedUpstream upstream = transport.start(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			HttpPost request = new HttpPost(upstream.uri("/"));
			request.setEntity(new InputStreamEntity(new StringEntity("x".repeat(50_000)).getContent(), -1, null));
			pool.read(request);
			pool.get(upstream.uri("/chunked"));
			PooledConnectionInfo connection = kept.get();
			ScriptedUpstream.Connection served = upstream.lastConnection();
			for (String state : List.of("open", "closed")) {
				assertThat(connection.bytesReceived()).as(state).isEqualTo(served.bytesSent());
				assertThat(connection.bytesSent()).as(state).isEqualTo(served.bytesReceived()).isGreaterThan(50_000);
				pool.pool.evict();
			}
			soon().until(() -> closed.size() == 1);
			assertThat(closed.get(connection.id())).containsExactly(served.bytesSent(), served.bytesReceived());
			pool.get(upstream.uri("/close"));
			assertThat(closed.get(kept.get().id())).containsExactly(upstream.lastConnection().bytesSent(),
					upstream.lastConnection().bytesReceived());
		}
	}

	@Test
	void callsHaveDifferentIdentitiesInAllPools() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture one = pool();
				PoolFixture other = pool()) {
			for (int i = 0; i < 3; i++) {
				one.get(upstream.uri("/"));
				other.get(upstream.uri("/"));
			}
			assertThat(this.steps.ids).hasSize(6).doesNotHaveDuplicates().doesNotContain(0L);
		}
	}

	@Test
	void callHasNoIdentityWithoutListeners() throws Exception {
		List<Lease> known = new CopyOnWriteArrayList<>();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.addRequestInterceptorLast(
						(request, entity, context) -> known.add(Call.leaseIn(HttpClientContext.cast(context)))))) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(known).hasSize(2);
			assertThat(known).allSatisfy((lease) -> assertThat(lease.callId()).isZero());
		}
	}

	private PoolFixture pool() {
		return pool((client) -> {
		});
	}

	private PoolFixture pool(Consumer<HttpClientBuilder> customizer) {
		PoolFixture pool = PoolFixture.with((settings) -> {
		}, customizer, this.steps.listener);
		this.steps.forget();
		return pool;
	}

	private static String[] opening(Transport transport) {
		return Stream.of(ASKED, CONNECTED, (transport != Transport.PLAIN) ? SECURED : new String[0], OPENED)
			.flatMap(Arrays::stream)
			.toArray(String[]::new);
	}

	private static String[] one(String step) {
		return many(step);
	}

	private static String[] many(String... steps) {
		return steps;
	}

	private static void credentials(HttpClientBuilder client) {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		client.setDefaultCredentialsProvider(credentials);
	}

	/**
	 * Writes down the steps, with what matters of them, and checks that they are of one
	 * call at a time and in its thread.
	 */
	private static final class Steps {

		private final List<String> seen = new ArrayList<>();

		private final List<Long> ids = new ArrayList<>();

		private final List<String> calls = new ArrayList<>();

		private final List<String> mistakes = new CopyOnWriteArrayList<>();

		private final Thread caller = Thread.currentThread();

		private volatile boolean sameThread = true;

		private long current;

		private Thread thread = this.caller;

		private final HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
			tell(method.getName(), (arguments != null) ? arguments : new Object[0]);
			return null;
		});

		private synchronized void tell(String event, Object[] arguments) {
			if (event.equals("callStarted")) {
				CallInfo call = (CallInfo) arguments[0];
				this.current = call.id();
				this.ids.add(call.id());
				this.calls.add(call.call());
				this.thread = Thread.currentThread();
			}
			else if (arguments[0] instanceof LeaseInfo lease && this.ids.size() < 2 && lease.callId() != this.current) {
				this.mistakes.add(event + " of call " + lease.callId());
			}
			if (this.sameThread && Thread.currentThread() != this.thread && !event.equals("poolCreated")) {
				this.mistakes.add(event + " in " + Thread.currentThread());
			}
			Object shown = switch (event) {
				case "responseStarted", "informationReceived", "bodyEnded", "requestBodySent" -> arguments[1];
				case "released", "connectionClosed" ->
					(arguments[1] != null) ? ((CloseReason) arguments[1]).code() : "";
				case "drained" -> ((DrainOutcome) arguments[1]).code();
				case "callEnded" -> (arguments[2] != null) ? "failed" : "";
				default -> "";
			};
			this.seen.add((event + " " + shown).strip());
		}

		private synchronized List<String> seen() {
			return List.copyOf(this.seen);
		}

		private synchronized void forget() {
			this.seen.clear();
		}

		private synchronized void shouldBe(String[]... expected) {
			assertThat(this.seen).containsExactly(Stream.of(expected).flatMap(Arrays::stream).toArray(String[]::new));
			assertThat(this.mistakes).isEmpty();
			forget();
		}

		private synchronized void shouldEndWith(String... expected) {
			assertThat(this.seen).endsWith(expected);
			assertThat(this.mistakes).isEmpty();
			forget();
		}

	}

	/**
	 * Fails with an {@code Error} while it is written.
	 */
	private static final class FailingEntity extends AbstractHttpEntity {

		FailingEntity() {
			super((String) null, null, true);
		}

		@Override
		public boolean isRepeatable() {
			return true;
		}

		@Override
		public long getContentLength() {
			return -1;
		}

		@Override
		public InputStream getContent() {
			return InputStream.nullInputStream();
		}

		@Override
		public void writeTo(OutputStream output) {
			throw new LinkageError("of the source");
		}

		@Override
		public boolean isStreaming() {
			return false;
		}

		@Override
		public void close() {
		}

	}

}
