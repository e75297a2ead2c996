package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.ScriptedUpstream.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests pools whose settings name an HTTP proxy. A script plays the proxy, and answers
 * for servers that do not exist.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpProxyTests {

	/** The certificate of the tests is for this name. */
	private static final URI SECURE = URI.create("https://localhost:8443/private");

	private static final URI PLAIN = URI.create("http://origin.example/page");

	private static final String BASIC = "Basic dXNlcjpzM2NyZXQ=";

	private static final String DIGEST = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";

	@Test
	void plainRequestsGoToTheProxyWithTheWholeAddressAndWithCredentialsFromTheFirstOn() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by the proxy"));
				PoolFixture pool = through(proxy, "user", "s3cret")) {
			assertThat(pool.get(PLAIN)).isEqualTo("by the proxy");
			assertThat(pool.get(PLAIN)).isEqualTo("by the proxy");
			assertThat(proxy.requests()).hasSize(2).allSatisfy((request) -> {
				assertThat(request.path()).isEqualTo("http://origin.example/page");
				assertThat(request.header("Host")).isEqualTo("origin.example");
				assertThat(request.header("Proxy-Authorization")).isEqualTo(BASIC);
			});
			assertThat(proxy.accepted()).isOne();
			assertThat(pool.snapshot().routes()).extracting((route) -> route.route())
				.containsExactly("http://origin.example:80 via http://127.0.0.1:" + proxy.port());
		}
	}

	@Test
	void credentialsAreInTheRequestForATunnelAndNotWithinIt() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(HttpProxyTests::tunnel);
				PoolFixture pool = through(proxy, "user", "s3cret")) {
			assertThat(pool.get(SECURE)).isEqualTo("through the tunnel");
			assertThat(pool.get(SECURE)).isEqualTo("through the tunnel");
			assertThat(proxy.requests()).extracting(Request::method).containsExactly("CONNECT", "GET", "GET");
			assertThat(proxy.requests()).extracting((request) -> request.header("Proxy-Authorization"))
				.containsExactly(BASIC, null, null);
			assertThat(proxy.requests().get(0).path()).isEqualTo("localhost:8443");
			assertThat(proxy.accepted()).isOne();
		}
	}

	@Test
	void noCredentialsAreSentUnlessConfigured() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(HttpProxyTests::tunnel);
				PoolFixture pool = through(proxy, null, null)) {
			pool.get(SECURE);
			pool.get(PLAIN);
			assertThat(proxy.requests()).hasSize(3)
				.noneMatch((request) -> request.headers()
					.keySet()
					.stream()
					.anyMatch("Proxy-Authorization"::equalsIgnoreCase));
		}
	}

	/**
	 * A server that asks as the proxy would, of the same name even, gets nothing.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "401", "407" })
	void aServerThatAsksForCredentialsDoesNotGetThoseOfTheProxy(int status) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				exchange.status(status, "who?", "WWW-Authenticate: Basic realm=\"r\"", DIGEST,
						"Proxy-Authenticate: Basic realm=\"r\"");
			}
		}); PoolFixture pool = through(proxy, "user", "s3cret")) {
			assertThat(pool.ignore(SECURE)).isEqualTo(status);
			assertThat(pool.ignore(URI.create("http://127.0.0.1:" + proxy.port() + "/self"))).isEqualTo(status);
			assertThat(proxy.requests()).filteredOn((request) -> !request.method().equals("CONNECT"))
				.hasSizeGreaterThan(1)
				.allSatisfy((request) -> {
					assertThat(request.header("Authorization")).isNull();
					assertThat(request.path().startsWith("/") ? request.header("Proxy-Authorization") : null).isNull();
				});
		}
	}

	@Test
	void aRedirectToAHostThatIsReachedDirectlyGoesThereWithoutTheCredentialsAndBack() throws Exception {
		try (ScriptedUpstream direct = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/start")) {
				exchange.status(302, "on", "Location: " + PLAIN);
			}
			else {
				exchange.ok("direct");
			}
		}); ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			exchange.status(302, "on", "Location: " + direct.uri("/end"));
		}); PoolFixture pool = pool(proxy, "user", "s3cret", "127.0.0.1")) {
			assertThat(pool.get(direct.uri("/start"))).isEqualTo("direct");
			assertThat(proxy.requests()).singleElement()
				.satisfies((request) -> assertThat(request.header("Proxy-Authorization")).isEqualTo(BASIC));
			assertThat(direct.requests()).extracting(Request::path).containsExactly("/start", "/end");
			assertThat(direct.requests()).noneMatch((request) -> request.toString().contains(BASIC))
				.allSatisfy((request) -> assertThat(request.header("Proxy-Authorization")).isNull());
			assertThat(pool.snapshot().routes()).hasSize(2);
		}
	}

	@Test
	void proxyThatRequiresDigestNeverGetsThePasswordInClearAgain() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			String login = exchange.request().header("Proxy-Authorization");
			boolean inTunnel = exchange.request().path().startsWith("/");
			if (!inTunnel && (login == null || !login.startsWith("Digest username=\"user\""))) {
				exchange.status(407, "who?", DIGEST);
			}
			else {
				tunnel(exchange);
			}
		}); PoolFixture pool = through(proxy, "user", "s3cret")) {
			assertThat(pool.get(SECURE)).isEqualTo("through the tunnel");
			assertThat(pool.get(PLAIN)).isEqualTo("through the tunnel");
			HttpPost post = new HttpPost(PLAIN);
			post.setEntity(new StringEntity("order"));
			assertThat(pool.read(post)).isEqualTo("through the tunnel");
			assertThat(proxy.requests()).extracting((request) -> request.header("Proxy-Authorization"))
				.filteredOn((login) -> login != null && login.startsWith("Basic"))
				.hasSize(1);
			assertThat(proxy.accepted()).as("a challenge needs no new connection").isEqualTo(2);
		}
	}

	@ParameterizedTest
	@CsvSource({ "407, check http-pool.proxy.username", "403, access lists", "502, may not have reached the server",
			"302, may not be a proxy", "405, not one that opens tunnels" })
	void aRefusedTunnelIsAnExceptionThatNamesProxyAndStatus(int status, String advice) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.status(status,
				"<html>s3cret</html>", "Proxy-Authenticate: Basic realm=\"r\"", "Location: http://elsewhere.example/"));
				PoolFixture pool = through(proxy, "user", "s3cret")) {
			assertThatExceptionOfType(ProxyRefusedException.class).isThrownBy(() -> pool.get(SECURE))
				.satisfies((ex) -> {
					assertThat(ex.getCode()).isEqualTo(status);
					assertThat(ex.getProxy()).isEqualTo("http://127.0.0.1:" + proxy.port());
					assertThat(ex.getRoute()).isEqualTo("https://localhost:8443 via " + ex.getProxy());
					assertThat(ex).hasMessageContaining(ex.getProxy())
						.hasMessageContaining("https://localhost:8443")
						.hasMessageContaining("status " + status)
						.hasMessageContaining("pool 'default'")
						.hasMessageContaining(advice);
					assertThat(ex.getMessage()).doesNotContain("s3cret").doesNotContain("html").doesNotContain("user:");
				});
			assertThat(proxy.requests()).as("no second try with the same credentials").hasSize(1);
			assertThat(pool.figures().connects().failed()).isOne();
			pool.assertConnections(1, Map.of(CloseReason.ERROR, 1L));
		}
	}

	/**
	 * HttpClient answers for as long as it is asked: where each nonce is stale, and where
	 * each challenge is one of another scheme.
	 */
	@ParameterizedTest
	@CsvSource({ "https://localhost:8443/, stale", "http://origin.example/, stale", "https://localhost:8443/, other",
			"http://origin.example/, other" })
	void endlessChallengesOfAProxyFail(URI uri, String kind) throws Exception {
		AtomicInteger asked = new AtomicInteger();
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			boolean digest = asked.incrementAndGet() % 2 == 1 || kind.equals("stale");
			if (asked.get() > 50) {
				exchange.ok("at last");
			}
			else {
				exchange.status(407, "who?",
						digest ? DIGEST + ", stale=true" : "Proxy-Authenticate: Basic realm=\"r\"");
			}
		}); PoolFixture pool = through(proxy, "user", "s3cret")) {
			try (CloseableHttpResponse response = pool.open(new HttpGet(uri))) {
				assertThat(response.getCode()).isEqualTo(407);
			}
			catch (ProxyRefusedException ex) {
				assertThat(ex.getCode()).isEqualTo(407);
			}
			assertThat(asked.get()).isBetween(2, 10);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void exceptionNamesTheProxyThatRequiresMissingCredentials() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream
			.plain((exchange) -> exchange.status(407, "who?", "Proxy-Authenticate: Basic realm=\"r\""));
				PoolFixture pool = through(proxy, null, null)) {
			assertThatExceptionOfType(ProxyRefusedException.class).isThrownBy(() -> pool.get(SECURE))
				.withMessageContaining("asks for a login, and the pool sent none")
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(407));
			pool.assertConnections(1, Map.of(CloseReason.ERROR, 1L));
		}
	}

	/**
	 * Each byte within the response timeout, all of them never.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "endless body", "endless body of a challenge", "flood", "flood of a challenge",
			"endless head", "endless information" })
	void proxyThatNeverEndsItsResponseDoesNotBlockCallers(String kind) throws Exception {
		Duration drip = Duration.ofMillis(20);
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			String challenge = "Proxy-Authenticate: Basic realm=\"r\"";
			switch (kind) {
				case "endless body" -> exchange.head(502, "Transfer-Encoding: chunked").drip("1\r\nx\r\n", drip);
				case "endless body of a challenge" ->
					exchange.head(407, challenge, "Transfer-Encoding: chunked").drip("1\r\nx\r\n", drip);
				case "flood" -> exchange.head(403, "Transfer-Encoding: chunked")
					.drip("4000\r\n" + "x".repeat(0x4000) + "\r\n", Duration.ZERO);
				case "flood of a challenge" -> exchange.head(407, challenge, "Transfer-Encoding: chunked")
					.drip("4000\r\n" + "x".repeat(0x4000) + "\r\n", Duration.ZERO);
				case "endless head" -> exchange.sendRaw("HTTP/1.1 200 OK\r\nX: ").drip("x", drip);
				default -> exchange.drip("HTTP/1.1 102 Processing\r\n\r\n", drip);
			}
		});
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofSeconds(1))
					.proxy(proxy(proxy, null, null)))) {
			long started = System.nanoTime();
			assertThatIOException().isThrownBy(() -> pool.get(SECURE))
				.withMessageContaining("http://127.0.0.1:" + proxy.port())
				.withMessageContaining(kind.contains("head") || kind.contains("information")
						? "http-pool.response-timeout" : "answered CONNECT");
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().idle()).isZero();
		}
	}

	@Test
	void aHostWithAnExceptionIsReachedDirectlyAndIsARouteOfItsOwn() throws Exception {
		try (ScriptedUpstream direct = ScriptedUpstream.plain((exchange) -> exchange.ok("direct"));
				ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by the proxy"));
				PoolFixture pool = pool(proxy, null, null, "127.0.0.1:" + direct.port(), "*.internal.example")) {
			assertThat(pool.get(direct.uri("/"))).isEqualTo("direct");
			assertThat(pool.get(PLAIN)).isEqualTo("by the proxy");
			assertThat(pool.snapshot().routes()).extracting((route) -> route.route())
				.containsExactlyInAnyOrder("http://127.0.0.1:" + direct.port(),
						"http://origin.example:80 via http://127.0.0.1:" + proxy.port());
		}
	}

	/**
	 * A limit is one for a server through a proxy; each server has its own.
	 */
	@Test
	void limitsHoldForEachServerBehindTheProxy() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by the proxy"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1)
					.acquireTimeout(Duration.ofMillis(50))
					.proxy(proxy(proxy, null, null)));
				var held = pool.open(new HttpGet(PLAIN))) {
			assertThat(held.getCode()).isEqualTo(200);
			assertThatIOException().isThrownBy(() -> pool.get(PLAIN))
				.withMessageContaining("http://origin.example:80 via http://127.0.0.1:" + proxy.port());
			assertThat(pool.get(URI.create("http://other.example/"))).isEqualTo("by the proxy");
		}
	}

	@Test
	void exceptionNamesTheProxyThatCannotBeReached() throws Exception {
		int port;
		try (ScriptedUpstream gone = ScriptedUpstream.plain(Exchange::close)) {
			port = gone.port();
		}
		ProxySettings proxy = new ProxySettings("http://127.0.0.1:" + port, null, null, List.of(), false);
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.proxy(proxy))) {
			assertThatIOException().isThrownBy(() -> pool.get(PLAIN))
				.withMessageContaining("via http://127.0.0.1:" + port)
				.withMessageContaining("of the proxy, ")
				.withMessageContaining("http-pool.proxy");
		}
	}

	private static void tunnel(Exchange exchange) throws IOException {
		if (exchange.method().equals("CONNECT")) {
			exchange.head(200);
			exchange.connection().startTls();
		}
		else {
			exchange.ok("through the tunnel");
		}
	}

	private static PoolFixture through(ScriptedUpstream proxy, String username, String password) {
		return pool(proxy, username, password);
	}

	private static PoolFixture pool(ScriptedUpstream proxy, String username, String password, String... direct) {
		Consumer<HttpPoolSettings.Builder> settings = (builder) -> builder
			.proxy(proxy(proxy, username, password, direct));
		return PoolFixture.with(settings);
	}

	private static ProxySettings proxy(ScriptedUpstream proxy, String username, String password, String... direct) {
		return new ProxySettings("http://127.0.0.1:" + proxy.port(), username, password, List.of(direct), false);
	}

}
