package io.github.httppool.hc5.pool;

import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.AuthScheme;
import org.apache.hc.client5.http.auth.AuthSchemeFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No caller is taken for another that authenticated before it.
 */
@Timeout(60)
class ConnectionBoundAuthTests {

	/** Who has logged in on which connection, as servers with NTLM or Negotiate do it. */
	private final Map<Integer, String> loggedIn = new ConcurrentHashMap<>();

	private final ScriptedUpstream.Script greeting = (exchange) -> {
		String login = exchange.request().header("Authorization");
		if (login != null && login.endsWith(" hello")) {
			exchange.status(401, "go on", "WWW-Authenticate: Handshake challenge");
			return;
		}
		if (login != null) {
			this.loggedIn.put(exchange.connection().number(), login.substring(login.indexOf(' ') + 1));
		}
		String who = this.loggedIn.get(exchange.connection().number());
		if (exchange.path().equals("/secured") && who == null) {
			exchange.status(401, "who are you?", "WWW-Authenticate: Handshake");
		}
		else if (exchange.path().equals("/moved") && who != null) {
			exchange.status(302, "moved", "Location: /secured");
		}
		else {
			exchange.ok("hello " + who);
		}
	};

	@ParameterizedTest
	@CsvSource({ "Authorization, Negotiate", "authorization, NTLM", "AUTHORIZATION, negotiate",
			"Authorization, Kerberos" })
	void aConnectionThatACallerLoggedInWithHeadersIsNotKept(String header, String scheme) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(this.greeting);
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.setHeader(header, scheme + " alice");
			assertThat(execute(pool, get, null)).isEqualTo("hello alice");
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello null");
			assertThat(upstream.accepted()).isEqualTo(2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization", "Proxy-Authorization" })
	void aLoginIsFoundBesideOtherCredentials(String header) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.addHeader(header, "Bearer token");
			get.addHeader(header, "Negotiate alice");
			execute(pool, get, null);
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(1);
		}
	}

	@Test
	void aConnectionToAProxyThatACallerLoggedInIsNotKept() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("through the proxy"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())))) {
			HttpGet get = new HttpGet("http://far.example/");
			get.setHeader("Proxy-Authorization", "NTLM alice");
			assertThat(execute(pool, get, null)).isEqualTo("through the proxy");
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Basic YWxpY2U6c2VjcmV0", "Bearer NTLM", "Digest username=alice" })
	void aConnectionOfARequestThatAuthenticatesItselfIsKept(String credentials) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.setHeader("Authorization", credentials);
			execute(pool, get, null);
			pool.get(upstream.uri("/"));
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(upstream.requests().get(1).headers()).doesNotContainKey("Authorization");
		}
	}

	@Test
	void aHandshakeOfHttpClientUsesOneConnectionThatIsClosedAfterwards() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(this.greeting);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, ConnectionBoundAuthTests::handshakes)) {
			URI uri = upstream.uri("/secured");
			assertThat(execute(pool, new HttpGet(uri), "alice")).isEqualTo("hello alice");
			assertThat(upstream.requests()).extracting(ScriptedUpstream.Request::connection).containsOnly(0).hasSize(3);
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(1);
			assertThat(execute(pool, new HttpGet(uri), "bob")).isEqualTo("hello bob");
			assertThat(pool.ignore(uri)).as("of a caller without credentials").isEqualTo(401);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello null");
			assertThat(pool.leased()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void aRedirectAfterAHandshakeLogsInAgain() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/moved") && exchange.request().header("Authorization") == null) {
				exchange.status(401, "who are you?", "WWW-Authenticate: Handshake");
			}
			else {
				this.greeting.answer(exchange);
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, ConnectionBoundAuthTests::handshakes)) {
			assertThat(execute(pool, new HttpGet(upstream.uri("/moved")), "alice")).isEqualTo("hello alice");
			assertThat(pool.snapshot().connections().idle()).isZero();
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello null");
		}
	}

	@Test
	void credentialsOfOneCallAreNotThereForTheNext() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				exchange.status(401, "who are you?", "WWW-Authenticate: Basic realm=x");
			}
			else {
				exchange.ok("hello".getBytes(), "Set-Cookie: session=alice");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(execute(pool, new HttpGet(upstream.uri("/")), "alice")).isEqualTo("hello");
			for (int i = 0; i < 3; i++) {
				assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(401);
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(upstream.requests()).hasSize(5)
				.filteredOn((request) -> request.header("Authorization") != null)
				.hasSize(1);
			assertThat(upstream.requests())
				.allSatisfy((request) -> assertThat(request.headers()).doesNotContainKey("Cookie"));
		}
	}

	private static String execute(PoolFixture pool, HttpGet get, String user) throws Exception {
		HttpClientContext context = HttpClientContext.create();
		if (user != null) {
			BasicCredentialsProvider credentials = new BasicCredentialsProvider();
			credentials.setCredentials(new AuthScope(null, -1),
					new UsernamePasswordCredentials(user, "secret".toCharArray()));
			context.setCredentialsProvider(credentials);
		}
		return pool.client.execute(get, context, (response) -> EntityUtils.toString(response.getEntity()));
	}

	private static void handshakes(HttpClientBuilder client) {
		AuthSchemeFactory factory = (context) -> new Handshake();
		client.setDefaultAuthSchemeRegistry(
				RegistryBuilder.<AuthSchemeFactory>create().register("Handshake", factory).build());
		client.setDefaultRequestConfig(
				RequestConfig.custom().setTargetPreferredAuthSchemes(List.of("Handshake")).build());
	}

	/**
	 * Logs a connection in with three exchanges, as NTLM does, by a name that nobody
	 * knows.
	 */
	private static final class Handshake implements AuthScheme {

		private String user;

		private boolean answered;

		@Override
		public String getName() {
			return "Handshake";
		}

		@Override
		public boolean isConnectionBased() {
			return true;
		}

		@Override
		public void processChallenge(AuthChallenge challenge, HttpContext context) {
			this.answered = challenge.getValue() != null;
		}

		@Override
		public boolean isChallengeComplete() {
			return false;
		}

		@Override
		public String getRealm() {
			return null;
		}

		@Override
		public boolean isResponseReady(HttpHost host, CredentialsProvider credentialsProvider, HttpContext context) {
			var credentials = credentialsProvider.getCredentials(new AuthScope(host), context);
			this.user = (credentials != null) ? credentials.getUserPrincipal().getName() : null;
			return this.user != null;
		}

		@Override
		public Principal getPrincipal() {
			return null;
		}

		@Override
		public String generateAuthResponse(HttpHost host, HttpRequest request, HttpContext context) {
			return "Handshake " + (this.answered ? this.user : "hello");
		}

	}

}
