package io.github.httppool.hc5;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.MicroSocks;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Relay;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TinyProxy;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that are opened at startup.
 */
@Tag("waiting")
@Timeout(60)
class PoolWarmUpTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final Logger logger = (Logger) LoggerFactory.getLogger(RouteWarmUp.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		logger.addAppender(this.log);
	}

	@AfterEach
	void leave() {
		logger.detachAppender(this.log);
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.contains("-warm-up-"));
	}

	@ParameterizedTest
	@EnumSource
	void firstCallsOpenNoConnection(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 20));
				Crowd crowd = new Crowd(20)) {
			pool.warmUp();
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 20, 0));
			callAtOnce(pool, upstream.uri("/"), crowd, 20);
			pool.assertConnections(20, Map.of());
			assertThat(upstream.accepted()).isEqualTo(20);
			assertThat(upstream.requests()).extracting(ScriptedUpstream.Request::method).containsOnly("GET");
			assertThat(this.log.list).isEmpty();
		}
	}

	@Test
	void ticketsThatComeLateAreNotUnsolicitedData() throws Exception {
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO);
				Relay relay = new Relay(upstream, Duration.ofMillis(100));
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", relay.uri("").toString(), 4)
					.validateAfterInactivity(Duration.ZERO));
				Crowd crowd = new Crowd(4)) {
			pool.warmUp();
			soon().until(() -> upstream.connections().size() == 4
					&& upstream.connections().stream().allMatch(ScriptedUpstream.Connection::isIdle));
			// Between the two no byte may be on its way without being counted.
			soon().during(Duration.ofMillis(150)).until(relay::isQuiet);
			callAtOnce(pool, relay.uri("/"), crowd, 4);
			pool.assertConnections(4, Map.of());
		}
	}

	@ParameterizedTest
	@EnumSource
	void answerThatCameBeforeTheFirstRequestIsNotServed(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 1))) {
			pool.warmUp();
			soon().until(() -> upstream.accepted() == 1 && upstream.lastConnection().isIdle());
			upstream.lastConnection().sendRaw(Exchange.headText(200, "Content-Length: 6") + "forged");
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.UNSOLICITED_DATA, 1L));
		}
	}

	/**
	 * Apache and HAProxy do so with connections that were opened early.
	 */
	@ParameterizedTest
	@EnumSource(names = { "PLAIN", "TLS_1_3" })
	void connectionOnWhichTheServerSaysThatNoRequestCameIsStale(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 1))) {
			pool.warmUp();
			soon().until(() -> upstream.accepted() == 1 && upstream.lastConnection().isIdle());
			upstream.lastConnection().sendRaw(Exchange.headText(408, "Connection: close", "Content-Length: 0"));
			upstream.lastConnection().close();
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void tunnelsOfAProxyAreOpenedWithTlsInThem() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				exchange.ok("through the tunnel");
			}
		});
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.warmUp("api", "https://localhost:8443", 5)
							.validateAfterInactivity(Duration.ZERO),
						(client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())));
				Crowd crowd = new Crowd(5)) {
			pool.warmUp();
			assertThat(proxy.requests()).hasSize(5)
				.allMatch((request) -> request.method().equals("CONNECT") && request.path().equals("localhost:8443"));
			callAtOnce(pool, URI.create("https://localhost:8443/"), crowd, 5);
			pool.assertConnections(5, Map.of());
		}
	}

	@Test
	void refusalOfAProxyIsTheReasonOfTheWarning() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.status(403, "no"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", "https://localhost:8443", 3),
						(client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())))) {
			pool.warmUp();
			assertThat(warning())
				.startsWith("Pool 'default' opened 0 of 3 connections to https://localhost:8443 at start "
						+ "(http-pool.warm-up.api): ")
				.contains("CONNECT", "403");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	@RequiresProgram(Program.TINYPROXY)
	void aProxyThatWantsCredentialsGetsThemWithEachTunnel() throws Exception {
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO);
				TinyProxy proxy = TinyProxy.start("BasicAuth user s3cret");
				PoolFixture pool = through(proxy.url(), "s3cret", upstream.url(), 10);
				Crowd crowd = new Crowd(10)) {
			pool.warmUp();
			assertThat(this.log.list).isEmpty();
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 10, 0));
			assertThat(upstream.requests()).isEmpty();
			callAtOnce(pool, upstream.uri("/"), crowd, 10);
			pool.assertConnections(10, Map.of());
			assertThat(upstream.accepted()).isEqualTo(10);
		}
	}

	@Test
	void aProxyThatAsksForDigestGetsIt() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			String login = exchange.request().header("Proxy-Authorization");
			if (login != null && login.startsWith("Digest username=\"user\"")) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				exchange.status(407, "who?",
						"Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256");
			}
		}); PoolFixture pool = through(proxy.url(), "s3cret", "https://localhost:8443", 3)) {
			pool.warmUp();
			assertThat(this.log.list).isEmpty();
			pool.assertConnections(3, Map.of());
			assertThat(pool.snapshot().connections().idle()).isEqualTo(3);
		}
	}

	@Test
	void aProxyThatDoesNotAcceptTheCredentialsIsTheReasonOfOneWarning() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream
			.plain((exchange) -> exchange.status(407, "no", "Proxy-Authenticate: Basic realm=\"r\""));
				PoolFixture pool = through(proxy.url(), "wr0ng", "https://localhost:8443", 3)) {
			pool.warmUp();
			assertThat(warning())
				.startsWith("Pool 'default' opened 0 of 3 connections to https://localhost:8443 at start "
						+ "(http-pool.warm-up.api): The proxy " + proxy.url() + " answered CONNECT to ")
				.contains("status 407", "does not accept the credentials", "http-pool.proxy.username")
				.doesNotContain("wr0ng");
			assertThat(proxy.requests()).isNotEmpty()
				.allSatisfy((request) -> assertThat(request.header("Proxy-Authorization")).startsWith("Basic "));
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
			assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(pool.snapshot().totals().opened()).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource
	@RequiresProgram(Program.MICROSOCKS)
	void connectionsThroughSocksAreOpenedWithTls(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				MicroSocks proxy = MicroSocks.start("-u", "user", "-P", "s3cret");
				PoolFixture pool = through(proxy.url(), "s3cret", upstream.url(), 10);
				Crowd crowd = new Crowd(10)) {
			pool.warmUp();
			assertThat(this.log.list).isEmpty();
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 10, 0));
			callAtOnce(pool, upstream.uri("/"), crowd, 10);
			pool.assertConnections(10, Map.of());
			assertThat(upstream.accepted()).isEqualTo(10);
		}
	}

	@Test
	@RequiresProgram(Program.MICROSOCKS)
	void aSocksProxyThatDoesNotAcceptTheCredentialsIsTheReasonOfOneWarning() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				MicroSocks proxy = MicroSocks.start("-u", "user", "-P", "s3cret");
				PoolFixture pool = through(proxy.url(), "wr0ng", upstream.url(), 3)) {
			pool.warmUp();
			assertThat(warning()).startsWith("Pool 'default' opened 0 of 3 connections to " + upstream.url())
				.contains("The proxy " + proxy.url() + " opened no connection", "does not accept the credentials")
				.doesNotContain("wr0ng");
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
			assertThat(upstream.accepted()).isZero();
		}
	}

	@Test
	void serverThatRefusesConnectionsCausesOneWarning() throws Exception {
		int port = ClosedPort.next();
		try (PoolFixture pool = PoolFixture
			.with((settings) -> settings.warmUp("api", "http://user:secret@127.0.0.1:" + port + "/path", 20))) {
			pool.warmUp();
			assertThat(warning())
				.startsWith("Pool 'default' opened 0 of 20 connections to http://127.0.0.1:" + port
						+ " at start (http-pool.warm-up.api): No connection with http://127.0.0.1:" + port)
				.doesNotContain("secret", "path");
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
		}
	}

	@Test
	void connectionsOpenedBeforeAFailureAreKept() throws Exception {
		AtomicInteger accepted = new AtomicInteger();
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO).onConnect((connection) -> {
			if (accepted.incrementAndGet() > 3) {
				connection.reset();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 10))) {
			pool.warmUp();
			assertThat(warning()).startsWith("Pool 'default' opened 3 of 10 connections to " + upstream.url());
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 3, 0));
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(accepted).hasValueLessThanOrEqualTo(11);
		}
	}

	@Test
	void silentServerDelaysStartupNoLongerThanItsTimeouts() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO).onConnect((connection) -> end.await());
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 40)
					.connectTimeout(Duration.ofMillis(500))
					.tlsHandshakeTimeout(Duration.ofMillis(200)))) {
			long started = System.nanoTime();
			pool.warmUp();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(150),
					Duration.ofSeconds(20));
			assertThat(warning()).startsWith("Pool 'default' opened 0 of 40 connections to " + upstream.url())
				.contains("http-pool.tls-handshake-timeout");
			assertThat(pool.leased()).isZero();
			end.countDown();
		}
	}

	/**
	 * A tunnel has no time limit of its own.
	 */
	@Test
	void silentProxyDelaysStartupNoLongerThanItsTimeouts() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(Exchange::stall);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.warmUp("api", "https://localhost:8443", 2)
							.connectTimeout(Duration.ofMillis(300))
							.tlsHandshakeTimeout(Duration.ofMillis(100)),
						(client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())))) {
			long started = System.nanoTime();
			pool.warmUp();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(350),
					Duration.ofSeconds(20));
			assertThat(warning()).startsWith("Pool 'default' opened 0 of 2 connections to https://localhost:8443")
				.contains("http-pool.connect-timeout and http-pool.tls-handshake-timeout together");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void noMoreAreOpenedThanMayBeKept() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("limited", upstream.url(), 10)
					.warmUp("other", other.url(), 10))) {
			pool.pool.resize(6, 4);
			pool.warmUp();
			assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
				.containsExactly(
						"Pool 'default' opened 4 of 10 connections to " + upstream.url()
								+ " at start (http-pool.warm-up.limited): the limit of the route is 4",
						"Pool 'default' opened 2 of 10 connections to " + other.url()
								+ " at start (http-pool.warm-up.other): http-pool.max-total allows no more");
			pool.assertConnections(6, Map.of());
		}
	}

	@Test
	void noConnectionIsOpenedWithoutKeepAlive() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.keepAlive(false).warmUp("api", upstream.url(), 10))) {
			pool.warmUp();
			assertThat(this.log.list).isEmpty();
			pool.assertConnections(0, Map.of());
		}
	}

	@Test
	void callTimeoutDoesNotCloseOpenConnections() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.callTimeout(Duration.ofMillis(1)).warmUp("api", upstream.url(), 10))) {
			pool.warmUp();
			pool.assertConnections(10, Map.of());
			assertThat(pool.pool.scheduledTimeouts()).isZero();
		}
	}

	@Test
	void interceptorsOfUsersAreNotCalled() throws Exception {
		AtomicInteger called = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 3),
						(client) -> client
							.addRequestInterceptorFirst((request, entity, context) -> called.incrementAndGet())
							.addExecInterceptorFirst("first", (request, scope, chain) -> {
								called.incrementAndGet();
								return chain.proceed(request, scope);
							})
							.addExecInterceptorLast("last", (request, scope, chain) -> {
								called.incrementAndGet();
								return chain.proceed(request, scope);
							}))) {
			pool.warmUp();
			assertThat(called).hasValue(0);
			pool.get(upstream.uri("/"));
			assertThat(called).hasValue(3);
			pool.assertConnections(3, Map.of());
		}
	}

	@Test
	void poolThatIsStartedAgainIsWarmAgain() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 3))) {
			pool.warmUp();
			pool.pool.closeIdle();
			assertThat(pool.snapshot().connections().idle()).isZero();
			pool.warmUp();
			pool.assertConnections(6, Map.of(CloseReason.SHUTDOWN, 3L));
			// What is there already counts.
			pool.warmUp();
			pool.assertConnections(6, Map.of(CloseReason.SHUTDOWN, 3L));
			assertThat(this.log.list).isEmpty();
		}
	}

	@Test
	void everyStepIsReportedInOrder() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 5),
						events.listener)) {
			pool.warmUp();
			assertThat(events.names.stream().filter("released"::equals)).hasSize(5);
			assertThat(events.names).doesNotContain("requestHeadSent", "responseStarted");
			pool.get(upstream.uri("/"));
			events.assertComplete(pool.snapshot());
			assertThat(pool.pool.events()).anyMatch((event) -> event.message().contains(" for WARM-UP /"));
		}
	}

	@Test
	void interruptEndsTheWaitAndConnectionsAreStillOpened() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		try (ScriptedUpstream upstream = Transport.TLS_1_3.start(HELLO).onConnect((connection) -> end.await());
				PoolFixture pool = PoolFixture.with((settings) -> settings.warmUp("api", upstream.url(), 2)
					.connectTimeout(Duration.ofSeconds(20))
					.tlsHandshakeTimeout(Duration.ofSeconds(20)))) {
			AtomicBoolean interrupted = new AtomicBoolean();
			Thread starting = new Thread(() -> {
				pool.warmUp();
				interrupted.set(Thread.interrupted());
			});
			starting.start();
			soon().until(() -> upstream.accepted() == 2);
			starting.interrupt();
			starting.join(10_000);
			assertThat(interrupted).isTrue();
			assertThat(warning()).startsWith("Pool 'default' opened 0 of 2 connections")
				.endsWith("the wait for them was interrupted");
			end.countDown();
			soon().until(() -> pool.snapshot().connections().idle() == 2);
			soon().until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().contains("-warm-up-")));
		}
	}

	private static PoolFixture through(String proxy, String password, String target, int connections) {
		return PoolFixture
			.with((settings) -> settings.proxy(new ProxySettings(proxy, "user", password, List.of(), false))
				.warmUp("api", target, connections)
				.validateAfterInactivity(Duration.ZERO));
	}

	private String warning() {
		assertThat(this.log.list).hasSize(1).allMatch((event) -> event.getLevel() == Level.WARN);
		return this.log.list.get(0).getFormattedMessage().replace("\n  ", " ");
	}

	/**
	 * Make calls that hold their connections until all have theirs.
	 */
	private static void callAtOnce(PoolFixture pool, URI uri, Crowd crowd, int count) throws Exception {
		CountDownLatch all = new CountDownLatch(count);
		crowd.all(1, (caller, time) -> {
			boolean together = pool.client.execute(new HttpGet(uri), (response) -> {
				all.countDown();
				return awaits(all);
			});
			assertThat(together).isTrue();
		});
	}

	private static boolean awaits(CountDownLatch latch) {
		try {
			return latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

}
