package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for responses that HttpClient discards on the way to the one that the caller
 * gets: redirects and challenges.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FollowUpExchangeTests {

	private static final String PAGE = "0123456789abcdef".repeat(128);

	private static final String FORGED = Exchange.headText(200, "Content-Length: 6") + "forged";

	@ParameterizedTest
	@EnumSource
	void bodyOfARedirectIsDrained(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport
			.start(redirect((exchange) -> exchange.status(302, PAGE, "Location: /to")));
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 10; i++) {
				assertThat(pool.get(upstream.uri("/from"))).isEqualTo("found");
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(10);
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void endlessBodyOfARedirectIsAbandoned(Transport transport) throws Exception {
		shouldBeGivenUp(transport, redirect(endless(302, "Location: /to")), (client) -> {
		});
	}

	@Test
	void surplusBehindARedirectIsNotTakenForItsTarget() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(redirect((exchange) -> exchange
			.sendRaw(Exchange.headText(302, "Location: /to", "Content-Length: 1") + "x" + FORGED)));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/from"))).isEqualTo("found");
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void bodyOfAChallengeIsDrained(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport
			.start(challenge((exchange) -> exchange.status(401, PAGE, "WWW-Authenticate: Basic realm=x")));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, FollowUpExchangeTests::credentials)) {
			for (int i = 0; i < 10; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(upstream.requests()).hasSize(20);
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(10);
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void endlessBodyOfAChallengeIsAbandoned(Transport transport) throws Exception {
		shouldBeGivenUp(transport, challenge(endless(401, "WWW-Authenticate: Basic realm=x")),
				FollowUpExchangeTests::credentials);
	}

	@ParameterizedTest
	@EnumSource
	void surplusBehindAChallengeIsNotTakenForTheAnswer(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(challenge((exchange) -> exchange
			.sendRaw(Exchange.headText(401, "WWW-Authenticate: Basic realm=x", "Content-Length: 1") + "x" + FORGED)));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, FollowUpExchangeTests::credentials)) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void challengeOfAServerThatClosesIsAnsweredOnAnotherConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(challenge((exchange) -> {
			exchange.status(401, PAGE, "WWW-Authenticate: Basic realm=x", "Connection: close");
			exchange.close();
		})); PoolFixture pool = PoolFixture.with((settings) -> {
		}, FollowUpExchangeTests::credentials)) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.SERVER_CLOSE)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void bodyOfAChallengeOfAProxyIsDrained() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().header("Proxy-Authorization") == null) {
				exchange.status(407, PAGE, "Proxy-Authenticate: Basic realm=x");
			}
			else {
				exchange.ok("through the proxy");
			}
		});
				ScriptedUpstream target = ScriptedUpstream.plain((exchange) -> exchange.ok("not through the proxy"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, through(proxy))) {
			assertThat(pool.get(target.uri("/"))).isEqualTo("through the proxy");
			assertThat(proxy.accepted()).isEqualTo(1);
			assertThat(target.accepted()).isZero();
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bodyOfAChallengeToConnectIsDrainedOrAbandoned(boolean endless) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (!exchange.method().equals("CONNECT")) {
				exchange.ok("through the tunnel");
			}
			else if (exchange.request().header("Proxy-Authorization") != null) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else if (endless) {
				endless(407, "Proxy-Authenticate: Basic realm=x").answer(exchange);
			}
			else {
				exchange.status(407, PAGE, "Proxy-Authenticate: Basic realm=x");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, through(proxy))) {
			long started = System.nanoTime();
			String url = "https://127.0.0.1:" + proxy.port() + "/";
			assertThat(pool.get(URI.create(url))).isEqualTo("through the tunnel");
			assertThat(pool.get(URI.create(url))).isEqualTo("through the tunnel");
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
			assertThat(proxy.accepted()).isEqualTo(endless ? 2 : 1);
			assertThat(pool.drained(endless ? DrainOutcome.TOO_SLOW : DrainOutcome.REUSED)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * What a proxy, or who can write to its socket, sends before the handshake is not
	 * protected by it.
	 */
	@Test
	void plainBytesBehindTheAnswerToConnectAreNotTakenForAnAnswerThroughTheTunnel() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.sendRaw(Exchange.headText(200) + FORGED);
				exchange.connection().startTls();
			}
			else {
				exchange.ok("through the tunnel");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, through(proxy))) {
			assertThatThrownBy(() -> pool.get(URI.create("https://127.0.0.1:" + proxy.port() + "/")))
				.isInstanceOf(IOException.class);
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	private static void shouldBeGivenUp(Transport transport, ScriptedUpstream.Script script,
			Consumer<HttpClientBuilder> customizer) throws Exception {
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.with((settings) -> {
		}, customizer)) {
			long started = System.nanoTime();
			assertThat(pool.get(upstream.uri("/from"))).isNotEmpty();
			assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.drained(DrainOutcome.TOO_SLOW)).isEqualTo(1);
			assertThat(pool.closed(CloseReason.DRAIN_TIME)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	private static ScriptedUpstream.Script redirect(ScriptedUpstream.Script from) {
		return (exchange) -> {
			if (exchange.path().equals("/from")) {
				from.answer(exchange);
			}
			else {
				exchange.ok("found");
			}
		};
	}

	private static ScriptedUpstream.Script challenge(ScriptedUpstream.Script challenge) {
		return (exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				challenge.answer(exchange);
			}
			else {
				exchange.ok("welcome");
			}
		};
	}

	private static ScriptedUpstream.Script endless(int status, String field) {
		return (exchange) -> exchange.head(status, field, "Transfer-Encoding: chunked")
			.sendRaw("5;extension=")
			.drip("x", Duration.ofMillis(5));
	}

	private static void credentials(HttpClientBuilder client) {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		client.setDefaultCredentialsProvider(credentials);
	}

	private static Consumer<HttpClientBuilder> through(ScriptedUpstream proxy) {
		return (client) -> {
			credentials(client);
			client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port()));
		};
	}

}
