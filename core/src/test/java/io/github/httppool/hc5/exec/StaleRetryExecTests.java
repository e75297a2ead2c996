package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Soon;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for repeating a request whose reused connection was closed.
 * <p>
 * The server reads a request and closes the connection. For the caller, this looks as if
 * the server had closed an idle connection just after the check before the lease.
 */
@Tag("waiting")
@Timeout(60)
class StaleRetryExecTests {

	// What is replayed

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" })
	void idempotentMethodIsRepeatedOnceOverANewConnection(String method) throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			assertThat(execute(pool, new HttpUriRequestBase(method, server.upstream.uri("/")))).isEqualTo(200);
			assertThat(server.upstream.accepted()).isEqualTo(2);
			assertThat(server.calls).containsExactly("0 " + method, "1 " + method);
			assertReplayed(pool, 1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void requestIsRepeatedOverEachTransportAfterACloseOrReset(Transport transport) throws Exception {
		for (ScriptedUpstream.Script end : List.<ScriptedUpstream.Script>of(Exchange::close, Exchange::reset)) {
			try (StaleServer server = new StaleServer(transport, end); PoolFixture pool = PoolFixture.withDefaults()) {
				server.warm(pool);
				assertThat(execute(pool, new HttpUriRequestBase("GET", server.upstream.uri("/")))).isEqualTo(200);
				assertThat(server.upstream.accepted()).isEqualTo(2);
				assertReplayed(pool, 1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PATCH" })
	void otherMethodIsRepeatedWithAnIdempotencyKey(String method) throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			HttpUriRequestBase request = new HttpUriRequestBase(method, server.upstream.uri("/"));
			request.setHeader("idempotency-key", "1");
			request.setEntity(new StringEntity("body"));
			assertThat(execute(pool, request)).isEqualTo(200);
			assertThat(server.upstream.requests()).last().satisfies((last) -> {
				assertThat(last.bodyText()).isEqualTo("body");
				assertThat(last.headers()).containsEntry("Content-Length", "4").containsEntry("idempotency-key", "1");
			});
			assertReplayed(pool, 1);
		}
	}

	@Test
	void largeBodyIsRepeatedAfterAFailedWrite() throws Exception {
		byte[] large = new byte[8 * 1024 * 1024];
		large[large.length - 1] = 7;
		AtomicInteger seen = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"))
			.beforeBody((connection) -> {
				if (seen.getAndIncrement() == 0) {
					connection.reset();
				}
			}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/warm"));
			HttpUriRequestBase put = new HttpUriRequestBase("PUT", upstream.uri("/"));
			put.setEntity(new ByteArrayEntity(large, ContentType.APPLICATION_OCTET_STREAM));
			assertThat(execute(pool, put)).isEqualTo(200);
			assertThat(upstream.requests()).last().satisfies((request) -> assertThat(request.body()).isEqualTo(large));
			assertReplayed(pool, 1);
		}
	}

	@Test
	void requestIsRepeatedIfAllIdleConnectionsAreStale() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults();
				Crowd crowd = new Crowd(10)) {
			crowd.all(1, (caller, time) -> pool.get(server.upstream.uri("/warm")));
			server.restart();
			crowd.all(3, (caller, time) -> assertThat(pool.get(server.upstream.uri("/"))).isEqualTo("ok"));
			assertThat(pool.leased()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void requestIsRepeatedIfItsConnectionIsStaleAfterAChallenge() throws Exception {
		AtomicInteger closed = new AtomicInteger();
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "password".toCharArray()));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				exchange.status(401, "who?", "WWW-Authenticate: Basic realm=\"r\"");
			}
			else if (closed.getAndIncrement() == 0) {
				exchange.close();
			}
			else {
				exchange.ok("ok");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setDefaultCredentialsProvider(credentials))) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("ok");
			assertReplayed(pool, 1);
		}
	}

	@Test
	void interceptorsOfCustomizersSeeTheOriginalRequestAgain() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client
					.addRequestInterceptorLast((request, entity, context) -> request.addHeader("X-Once", "1")))) {
			server.warm(pool);
			assertThat(execute(pool, new HttpUriRequestBase("GET", server.upstream.uri("/")))).isEqualTo(200);
			assertThat(server.upstream.requests()).last()
				.satisfies((request) -> assertThat(request.header("X-Once")).isEqualTo("1"));
		}
	}

	// What is not

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PATCH", "LOCK", "get" })
	void methodThatIsNotIdempotentIsNotRepeated(String method) throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			assertThatIOException()
				.isThrownBy(() -> execute(pool, new HttpUriRequestBase(method, server.upstream.uri("/"))));
			assertThat(server.calls).containsExactly("0 " + method);
			assertReplayed(pool, 0);
		}
	}

	@Test
	void bodyThatCanBeSentOnlyOnceIsNotRepeated() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			HttpUriRequestBase put = new HttpUriRequestBase("PUT", server.upstream.uri("/"));
			put.setEntity(new InputStreamEntity(InputStream.nullInputStream(), ContentType.APPLICATION_OCTET_STREAM));
			assertThatIOException().isThrownBy(() -> execute(pool, put));
			assertThat(server.calls).containsExactly("0 PUT");
			assertReplayed(pool, 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe" })
	void requestIsNotRepeatedAfterTheFirstByteOfAResponse(String begin) throws Exception {
		for (ScriptedUpstream.Script end : List.<ScriptedUpstream.Script>of(Exchange::close, Exchange::reset)) {
			try (StaleServer server = new StaleServer(Transport.PLAIN, (exchange) -> {
				exchange.sendRaw(begin).after(Duration.ofMillis(50));
				end.answer(exchange);
			}); PoolFixture pool = PoolFixture.withDefaults()) {
				server.warm(pool);
				assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")));
				assertThat(server.calls).containsExactly("0 GET");
				assertReplayed(pool, 0);
			}
		}
	}

	@Test
	void requestIsNotRepeatedAfterAFailureOnANewConnection() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.failures.set(1);
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")));
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
		}
	}

	@Test
	void firstRequestThroughANewTunnelIsNotRepeated() throws Exception {
		AtomicInteger tunnels = new AtomicInteger();
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				tunnels.incrementAndGet();
				exchange.sendRaw("HTTP/1.1 200 OK\r\n\r\n");
				exchange.connection().startTls();
			}
			else {
				exchange.close();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setProxy(new HttpHost("127.0.0.1", proxy.port())))) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://localhost/")));
			assertThat(tunnels).hasValue(1);
			assertReplayed(pool, 0);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	/**
	 * The server closes after its challenge, so that the same lease continues with a new
	 * connection.
	 */
	@Test
	void requestIsNotRepeatedIfItsConnectionIsNewAfterAChallenge() throws Exception {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "password".toCharArray()));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				exchange.status(401, "who?", "WWW-Authenticate: Basic realm=\"r\"", "Connection: close");
			}
			else {
				exchange.close();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setDefaultCredentialsProvider(credentials))) {
			assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(upstream.requests()).hasSize(2);
			assertReplayed(pool, 0);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	@Test
	void secondFailureReachesTheCaller() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			server.failures.set(5);
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")));
			assertThat(server.calls).containsExactly("0 GET", "1 GET");
			assertReplayed(pool, 1);
		}
	}

	@Test
	void requestIsNotRepeatedAfterATimeout() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofMillis(200)))) {
			server.warm(pool);
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")))
				.withMessageContaining("http-pool.response-timeout");
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
		}
	}

	@Test
	void requestIsNotRepeatedAfterTheDeadline() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofSeconds(1)))) {
			server.warm(pool);
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")))
				.withMessageContaining("http-pool.call-timeout");
			assertReplayed(pool, 0);
		}
	}

	@Test
	void cancelledCallIsNotRepeated() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::stall);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			HttpUriRequestBase request = new HttpUriRequestBase("GET", server.upstream.uri("/"));
			Thread canceller = new Thread(() -> {
				Soon.soon().until(() -> server.calls.size() == 1);
				request.cancel();
			});
			canceller.start();
			assertThatIOException().isThrownBy(() -> execute(pool, request));
			canceller.join();
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
		}
	}

	@Test
	void interruptedCallIsNotRepeated() throws Exception {
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::stall);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			Thread caller = Thread.currentThread();
			Thread interrupter = new Thread(() -> {
				Soon.soon().until(() -> server.calls.size() == 1);
				caller.interrupt();
			});
			interrupter.start();
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")));
			assertThat(Thread.interrupted()).isTrue();
			interrupter.join();
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "cancel", "interrupt", "call-timeout" })
	void callThatIsCancelledWhileItsConnectionIsClosedIsNotRepeated(String how) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofSeconds(1)),
						events.listener)) {
			server.warm(pool);
			HttpUriRequestBase request = new HttpUriRequestBase("GET", server.upstream.uri("/"));
			events.once("released", () -> {
				switch (how) {
					case "cancel" -> request.cancel();
					case "interrupt" -> Thread.currentThread().interrupt();
					default -> Soon.soon().until(() -> pool.pool.scheduledTimeouts() == 0);
				}
			});
			assertThatIOException().isThrownBy(() -> execute(pool, request));
			assertThat(Thread.interrupted()).isEqualTo(how.equals("interrupt"));
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
			assertThat(pool.closed(CloseReason.STALE)).isOne();
			events.assertComplete(pool.snapshot());
		}
	}

	/**
	 * The code that produces the body may read from another connection.
	 */
	@Test
	void requestIsNotRepeatedAfterAFailureOfItsBody() throws Exception {
		AtomicInteger produced = new AtomicInteger();
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			server.warm(pool);
			HttpUriRequestBase put = new HttpUriRequestBase("PUT", server.upstream.uri("/"));
			put.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null, (OutputStream out) -> {
				produced.incrementAndGet();
				throw new SocketException("the source is gone");
			}));
			assertThatIOException().isThrownBy(() -> execute(pool, put)).withMessage("the source is gone");
			assertThat(produced).hasValue(1);
			assertReplayed(pool, 0);
		}
	}

	@ParameterizedTest
	@CsvSource({ "retry-stale off", "automatic retries disabled by a customizer" })
	void noRequestIsRepeatedIfDisabled(String how) throws Exception {
		Consumer<HttpPoolSettings.Builder> settings = (builder) -> builder.retryStale(!how.startsWith("retry-stale"));
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.with(settings, (client) -> {
					if (how.startsWith("automatic")) {
						client.disableAutomaticRetries();
					}
				})) {
			server.warm(pool);
			assertThatIOException().isThrownBy(() -> pool.get(server.upstream.uri("/")));
			assertThat(server.calls).containsExactly("0 GET");
			assertReplayed(pool, 0);
			assertThat(pool.closed(CloseReason.STALE)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 429, 500, 502, 503, 504 })
	void requestIsNeverRepeatedBecauseOfAStatus(int status) throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			calls.incrementAndGet();
			exchange.status(status, "", "Retry-After: 3600");
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			long started = System.nanoTime();
			assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(status);
			assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(status);
			assertThat(calls).hasValue(2);
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
		}
	}

	// What is told

	@Test
	void listenerIsNotified() throws Exception {
		List<String> replayed = new CopyOnWriteArrayList<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void replayed(LeaseInfo stale) {
				replayed.add(stale.call());
			}

		};
		RecordedEvents events = new RecordedEvents();
		try (StaleServer server = new StaleServer(Transport.PLAIN, Exchange::close);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener, events.listener)) {
			server.warm(pool);
			pool.get(server.upstream.uri("/orders?secret=1"));
			assertThat(replayed).containsExactly("GET /orders");
			assertThat(events.names).endsWith("requestSent", "exchangeFailed", "released", "connectionClosed",
					"replayed", "acquireStarted", "acquireEnded", "dnsStarted", "dnsEnded", "connectStarted",
					"connectEnded", "connectionOpened", "requestHeadSent", "requestSent", "firstByteReceived",
					"responseStarted", "bodyEnded", "released", "callEnded");
			events.assertComplete(pool.snapshot());
		}
	}

	private static void assertReplayed(PoolFixture pool, long times) throws IOException {
		assertThat(pool.snapshot().totals().replayed()).isEqualTo(times);
		assertThat(pool.leased()).isZero();
		RecordedEvents.assertAccounted(pool.snapshot());
	}

	private static int execute(PoolFixture pool, HttpUriRequestBase request) throws IOException {
		return pool.client.execute(request, (response) -> {
			EntityUtils.consume(response.getEntity());
			return response.getCode();
		});
	}

	/**
	 * Responds on new connections, and closes a reused one when it receives a request.
	 */
	private static final class StaleServer implements AutoCloseable {

		final ScriptedUpstream upstream;

		final List<String> calls = new CopyOnWriteArrayList<>();

		final AtomicInteger failures = new AtomicInteger();

		private volatile int oldUntil = -1;

		StaleServer(Transport transport, ScriptedUpstream.Script end) {
			this.upstream = transport.start((exchange) -> {
				if (exchange.path().equals("/warm")) {
					exchange.ok("ok");
					return;
				}
				this.calls.add(exchange.connection().number() + " " + exchange.method());
				boolean old = exchange.connection().number() <= this.oldUntil;
				if (old || this.failures.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
					end.answer(exchange);
				}
				else if (exchange.method().equals("HEAD")) {
					exchange.head(200, "Content-Length: 2");
				}
				else {
					exchange.ok("ok");
				}
			});
		}

		/** Open a connection, and close it at the next request. */
		void warm(PoolFixture pool) throws IOException {
			pool.get(this.upstream.uri("/warm"));
			this.failures.set(1);
		}

		/** Close each connection of now at the next request. */
		void restart() {
			this.oldUntil = this.upstream.accepted() - 1;
		}

		@Override
		public void close() {
			this.upstream.close();
		}

	}

}
