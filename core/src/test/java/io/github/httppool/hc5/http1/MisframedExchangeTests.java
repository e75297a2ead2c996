package io.github.httppool.hc5.http1;

import java.io.InputStream;
import java.net.URI;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RawAnswer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests that a connection is closed after a response with an ambiguous end, for each kind
 * of caller and over each transport.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisframedExchangeTests {

	private static final String TWICE = "Content-Length: 5, 5";

	@ParameterizedTest
	@EnumSource
	void misframedResponseClosesTheConnectionOverEachTransport(Transport transport) throws Exception {
		RawAnswer.ok("hello", "Content-Length: 5").over(transport).isReadAndKept("hello");
		RawAnswer.ok("hello", TWICE).over(transport).isReadAndNotKept("hello", CloseReason.ERROR);
		RawAnswer.ok("hello", "Content-Length: 5, 6").over(transport).isRefused("several content lengths");
		RawAnswer.ok("hello", "Content-Length: 6").over(transport).thenClose().isRefused("Premature end");
		RawAnswer.of("garbage\r\n").over(transport).isRefused("it does not begin with HTTP/");
		RawAnswer.of("HTTP/1.1 200").over(transport).thenClose().isNoResponse();
		RawAnswer.chunked("5\r\nhello\r\n0\r\nA: b\r\n\r\n").over(transport).isReadAndKept("hello");
		RawAnswer.chunked("5\nhello\r\n0\r\n\r\n").over(transport).isRefused("the size of a chunk is followed by");
		RawAnswer.chunked("5\r\nhello\r\n0\r\n").over(transport).thenClose().isRefused("the connection ended");
	}

	@ParameterizedTest
	@ValueSource(strings = { TWICE, "Content-Length: 5\r\n ", "Content-Length: 0\r\nTransfer-Encoding: chunked" })
	void challengeIsAnsweredOnAnotherConnection(String framing) throws Exception {
		answersChallengeOnAnotherConnection(framing, (client) -> {
		});
	}

	/**
	 * A strategy of the user's knows nothing of lines.
	 */
	@ParameterizedTest
	@ValueSource(strings = { TWICE, "Content-Length: 5\r\n ", "Content-Length: 0\r\nTransfer-Encoding: chunked" })
	void challengeIsAnsweredOnAnotherConnectionWhateverTheUserKeeps(String framing) throws Exception {
		answersChallengeOnAnotherConnection(framing,
				(client) -> client.setConnectionReuseStrategy((request, response, context) -> true));
	}

	private static void answersChallengeOnAnotherConnection(String framing, Consumer<HttpClientBuilder> customizer)
			throws Exception {
		String body = framing.contains("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : "hello";
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.request().header("Authorization") == null) {
				exchange.sendRaw(Exchange.headText(401, "WWW-Authenticate: Basic realm=x", framing) + body);
			}
			else {
				exchange.ok("welcome");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> {
					withCredentials(client);
					customizer.accept(client);
				})) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.snapshot().totals().closed()).hasSize(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void challengeOfAProxyBeforeItsTunnelIsAnsweredOnAnotherConnection() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (!exchange.method().equals("CONNECT")) {
				exchange.ok("through the tunnel");
			}
			else if (exchange.request().header("Proxy-Authorization") == null) {
				exchange.sendRaw(Exchange.headText(407, "Proxy-Authenticate: Basic realm=x", TWICE) + "hello");
			}
			else {
				exchange.head(200);
				exchange.connection().startTls();
			}
		};
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> withCredentials(client).setProxy(new HttpHost("http", "127.0.0.1", proxy.port())))) {
			assertThat(pool.get(URI.create("https://localhost:8443/"))).isEqualTo("through the tunnel");
			assertThat(proxy.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().idle()).isOne();
		}
	}

	private static HttpClientBuilder withCredentials(HttpClientBuilder client) {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "password".toCharArray()));
		return client.setDefaultCredentialsProvider(credentials);
	}

	@Test
	void connectionIsNotKeptWhateverTheUserKeeps() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.sendRaw(Exchange.headText(200, TWICE) + "hello"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.setConnectionReuseStrategy((request, response, context) -> true))) {
			for (int i = 1; i <= 3; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(upstream.accepted()).isEqualTo(i);
				assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(i);
			}
		}
	}

	@Test
	void redirectIsFollowedOnAnotherConnection() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/from")) {
				exchange.sendRaw(Exchange.headText(302, "Location: /to", TWICE) + "moved");
			}
			else {
				exchange.ok("found");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/from"))).isEqualTo("found");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * It would save nothing.
	 */
	@Test
	void bodyThatIsNotReadIsNotDrained() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.sendRaw(Exchange.headText(200, TWICE) + "hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.ignore(upstream.uri("/"));
			assertThat(pool.snapshot().totals().drained()).isEmpty();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "5 \r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
			"5\r\nhello\r\n0\r\n\n" })
	void drainIsAsStrictAsAReader(String chunks) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw(chunks));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.ignore(upstream.uri("/"));
			assertThat(pool.drained(DrainOutcome.FAILED)).isOne();
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void bytesAvailableOfAHugeBodyAreThoseThatHaveCome() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange
			.sendRaw(Exchange.headText(200, "Content-Length: " + Long.MAX_VALUE) + "hello")
			.close();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			InputStream body = response.getEntity().getContent();
			assertThat(body.read()).isEqualTo('h');
			assertThat(body.available()).isEqualTo(4);
			assertThatIOException().isThrownBy(body::readAllBytes).withMessageContaining("Premature end");
		}
	}

}
