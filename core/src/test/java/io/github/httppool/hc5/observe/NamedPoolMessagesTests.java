package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolEvent;
import io.github.httppool.ProxySettings;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.LostResponse;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.SocksScript;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that the messages of a named pool name its own properties, and none of the shared
 * pool.
 */
@Tag("waiting")
@Timeout(60)
class NamedPoolMessagesTests {

	private static final String OWN = "http-pool.pools.orders.";

	private static final Pattern FOREIGN = Pattern.compile("http-pool\\.(?!pools\\.orders\\.|example\\b)");

	private static final Duration SHORT = Duration.ofMillis(50);

	private static final Logger logger = (Logger) LoggerFactory.getLogger("io.github.httppool");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private Level level;

	@BeforeEach
	void listen() {
		this.level = logger.getLevel();
		logger.setLevel(Level.DEBUG);
		this.log.start();
		logger.addAppender(this.log);
	}

	@AfterEach
	void nothingElseWasLogged() {
		logger.detachAppender(this.log);
		logger.setLevel(this.level);
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.allSatisfy(NamedPoolMessagesTests::isOwn);
	}

	@Test
	void limitPerRouteNamesThePropertyOfThePool() throws Exception {
		whileOneIsLeased((settings) -> settings.maxPerRoute(1).acquireTimeout(SHORT), "acquire-timeout",
				"max-per-route");
	}

	@Test
	void limitOfOneRouteNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture
					.ofOrders((settings) -> settings.route("api", upstream.url(), 1).acquireTimeout(SHORT));
				CloseableHttpResponse leased = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(leased.getCode()).isEqualTo(200);
			assertFailure(pool, upstream.uri("/"), "acquire-timeout", "routes.api.max-connections");
		}
	}

	@Test
	void limitOfThePoolNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream other = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.maxTotal(1).acquireTimeout(SHORT));
				CloseableHttpResponse leased = pool.open(new HttpGet(other.uri("/")))) {
			assertThat(leased.getCode()).isEqualTo(200);
			assertFailure(pool, upstream.uri("/"), "acquire-timeout", "max-total");
		}
	}

	@Test
	void rejectionNamesThePropertyOfThePool() throws Exception {
		whileOneIsLeased((settings) -> settings.maxPerRoute(1).maxPending(0), "max-pending", "max-per-route");
	}

	@Test
	void propertiesAreNamedAfterAChangeOfSettings() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> {
				})) {
			pool.pool.change(HttpPoolSettings.builder().maxPerRoute(1).maxPending(0).build());
			try (CloseableHttpResponse leased = pool.open(new HttpGet(upstream.uri("/")))) {
				assertThat(leased.getCode()).isEqualTo(200);
				assertFailure(pool, upstream.uri("/"), "max-pending", "max-per-route");
			}
		}
	}

	@Test
	void connectTimeoutNamesThePropertyOfThePool() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.connectTimeout(SHORT))) {
			assertFailure(pool, dead.uri(), "connect-timeout");
		}
	}

	@Test
	void handshakeTimeoutNamesThePropertyOfThePool() throws Exception {
		try (ServerSocket silent = new ServerSocket(0);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.tlsHandshakeTimeout(SHORT))) {
			assertFailure(pool, URI.create("https://localhost:" + silent.getLocalPort()), "tls-handshake-timeout");
		}
	}

	@Test
	void responseTimeoutNamesThePropertyOfThePool() throws Exception {
		try (ServerSocket silent = new ServerSocket(0)) {
			URI uri = URI.create("http://localhost:" + silent.getLocalPort());
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.responseTimeout(SHORT))) {
				assertFailure(pool, uri, "response-timeout");
			}
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.callTimeout(Duration.ofMillis(200)))) {
				assertFailure(pool, uri, "call-timeout");
			}
		}
	}

	@Test
	void bodyThatIsTooLargeNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer)) {
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.maxBody(3))) {
				assertFailure(pool, upstream.uri("/"), "max-body");
			}
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.maxErrorBody(3))) {
				assertFailure(pool, upstream.uri("/missing"), "max-error-body");
				assertLogged(Level.WARN, "max-error-body");
			}
		}
	}

	@Test
	void staleConnectionNamesThePropertyOfThePool() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (requests.incrementAndGet() % 2 == 1) {
				exchange.ok("hello");
			}
			else {
				exchange.close();
			}
		})) {
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.retryStale(false))) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertFailure(pool, upstream.uri("/"), "retry-stale");
			}
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> {
			})) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(pool.get(upstream.uri("/"))).as("sent again").isEqualTo("hello");
				assertLogged(Level.DEBUG, "retry-stale");
			}
		}
	}

	@Test
	void refusalOfAProxyNamesThePropertyOfThePool() throws Exception {
		URI uri = URI.create("https://http-pool.example/");
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange
			.status(exchange.request().header("Proxy-Authorization") != null ? 403 : 407, "no"))) {
			try (PoolFixture pool = through(proxy.url(), null)) {
				assertFailure(pool, uri, "proxy", "proxy.username");
			}
			try (PoolFixture pool = through(proxy.url(), "user")) {
				assertFailure(pool, uri, "proxy", "proxy.non-proxy-hosts");
			}
		}
		try (SocksScript proxy = SocksScript.start(0, SocksScript.Answers.of(0, new byte[] { 5, 2 }));
				PoolFixture pool = through(proxy.url(), null)) {
			assertFailure(pool, uri, "proxy", "proxy.non-proxy-hosts");
		}
	}

	@Test
	void missingProxyNamesThePropertyOfThePool() throws Exception {
		URI uri = URI.create("http://orders.example/");
		try (DeadAddress dead = new DeadAddress(); PoolFixture pool = through(dead.uri().toString(), null)) {
			assertFailure(pool, uri, "connect-timeout", "proxy");
		}
		try (PoolFixture pool = through("http://127.0.0.1:" + ClosedPort.next(), null)) {
			assertFailure(pool, uri, "proxy");
		}
		try (ServerSocket silent = new ServerSocket(0);
				PoolFixture pool = through("http://localhost:" + silent.getLocalPort(), null)) {
			assertFailure(pool, URI.create("https://orders.example/"), "response-timeout");
		}
	}

	private static PoolFixture through(String proxy, String username) {
		return PoolFixture.ofOrders((settings) -> settings.connectTimeout(SHORT.multipliedBy(4))
			.responseTimeout(SHORT.multipliedBy(4))
			.proxy(new ProxySettings(proxy, username, (username != null) ? "s3cret" : null, List.of(), false)));
	}

	@Test
	void longLeaseNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.leakDetectionThreshold(SHORT));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/length")))) {
			assertThat(held.getCode()).isEqualTo(200);
			soon().until(() -> pool.snapshot().totals().leaks() == 1);
			soon().untilAsserted(() -> assertLogged(Level.WARN, "leak-detection-threshold", "call-timeout"));
			assertEvents(pool);
		}
	}

	@Test
	void lostLeaseNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> {
				})) {
			LostResponse.lose(pool, upstream.uri("/length"));
			LostResponse.awaitNoneLeased(pool);
			soon().untilAsserted(() -> assertLogged(Level.WARN, "leak-detection-threshold"));
		}
	}

	@Test
	void warmUpNamesThePropertyOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture
					.ofOrders((settings) -> settings.maxTotal(3).warmUp("api", upstream.url(), 2))) {
			pool.pool.resize(1, 50);
			pool.warmUp();
			assertLogged(Level.WARN, "warm-up.api", "max-total");
		}
	}

	@Test
	void findingsAndTheirEventsNameThePropertiesOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture.ofOrders((settings) -> settings.maxPerRoute(1).maxPending(0))) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			soon().until(() -> !pool.pool.samples().window().samples().isEmpty());
			try (CloseableHttpResponse leased = pool.open(new HttpGet(upstream.uri("/")))) {
				for (int i = 0; i < 10; i++) {
					assertFailure(pool, upstream.uri("/"), "max-pending");
				}
				soon().until(
						() -> pool.pool.events().stream().anyMatch((event) -> event.type() == PoolEvent.Type.FINDING));
				soon().untilAsserted(() -> assertThat(pool.pool.findings()).extracting(Finding::code)
					.contains(FindingCode.CALLERS_REFUSED));
			}
			List<Finding> findings = pool.pool.findings();
			assertThat(findings).allSatisfy((finding) -> {
				isOwn(finding.message());
				isOwn(finding.advice());
			});
			assertThat(findings.get(0).message()).contains(OWN + "max-pending");
			assertThat(findings.get(0).advice()).contains(OWN + "max-per-route");
			assertEvents(pool);
		}
	}

	private static void whileOneIsLeased(Consumer<HttpPoolSettings.Builder> settings, String... properties)
			throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(NamedPoolMessagesTests::answer);
				PoolFixture pool = PoolFixture.ofOrders(settings);
				CloseableHttpResponse leased = pool.open(new HttpGet(upstream.uri("/")))) {
			assertThat(leased.getCode()).isEqualTo(200);
			assertFailure(pool, upstream.uri("/"), properties);
		}
	}

	private static void answer(Exchange exchange) throws IOException {
		if (exchange.path().equals("/missing")) {
			exchange.status(404, "not found");
		}
		else {
			exchange.ok("hello");
		}
	}

	private static void assertFailure(PoolFixture pool, URI uri, String... properties) {
		Throwable failure = catchThrowable(() -> pool.get(uri));
		assertThat(failure).isNotNull();
		for (String property : properties) {
			assertThat(ExplainedFailure.inOneLine(failure))
				.containsPattern(Pattern.quote(OWN + property) + "(?![\\w-])");
		}
		for (Throwable one : Exceptions.chain(failure)) {
			isOwn(String.valueOf(one.getMessage()));
			for (Throwable suppressed : one.getSuppressed()) {
				isOwn(String.valueOf(suppressed.getMessage()));
			}
		}
		assertEvents(pool);
	}

	private static void assertEvents(PoolFixture pool) {
		assertThat(pool.pool.events()).extracting(PoolEvent::message).allSatisfy(NamedPoolMessagesTests::isOwn);
	}

	private void assertLogged(Level level, String... properties) {
		assertThat(this.log.list).filteredOn((event) -> event.getLevel() == level)
			.extracting(ILoggingEvent::getFormattedMessage)
			.anySatisfy((message) -> {
				for (String property : properties) {
					assertThat(message).contains(OWN + property);
				}
			});
	}

	private static void isOwn(String text) {
		assertThat(text).doesNotContainPattern(FOREIGN);
	}

}
