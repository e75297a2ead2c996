package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests connections that go through a tunnel of an HTTP proxy.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyTunnelTests {

	private static final URI TARGET = URI.create("https://localhost:8443/private");

	@Test
	void tunnelIsReused() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				exchange.ok("through the tunnel");
			}
		}); PoolFixture fixture = through(proxy)) {
			for (int i = 0; i < 10; i++) {
				assertThat(fixture.get(TARGET)).isEqualTo("through the tunnel");
			}
			assertThat(proxy.accepted()).isOne();
			assertThat(fixture.leased()).isZero();
		}
	}

	/**
	 * Bytes that came in clear before TLS would be read as the answer of the server
	 * behind it.
	 */
	@Test
	void proxyCannotAnswerForTheServerBehindTls() throws Exception {
		String forged = Exchange.headText(200, "Content-Length: 6") + "forged";
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.sendRaw(Exchange.headText(200) + forged);
				exchange.connection().startTls();
			}
			else {
				exchange.ok("through the tunnel");
			}
		}); PoolFixture fixture = through(proxy)) {
			assertThatIOException().isThrownBy(() -> fixture.get(TARGET)).withMessageContaining("without TLS");
			assertThat(fixture.leased()).isZero();
			assertThat(fixture.closed(CloseReason.UNSOLICITED_DATA)).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2_000, 100_000 })
	void challengeOfTheProxyIsAnsweredWhateverTheLengthOfItsBody(int length) throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (!exchange.method().equals("CONNECT")) {
				exchange.ok("through the tunnel");
			}
			else if (exchange.request().header("Proxy-Authorization") == null) {
				challenge(exchange, length);
			}
			else {
				exchange.head(200);
				exchange.connection().startTls();
			}
		}); PoolFixture fixture = through(proxy)) {
			assertThat(fixture.get(TARGET)).isEqualTo("through the tunnel");
			assertThat(fixture.get(TARGET)).isEqualTo("through the tunnel");
			assertThat(proxy.accepted()).isEqualTo((length > 64 * 1024) ? 2 : 1);
			assertThat(fixture.leased()).isZero();
			assertThat(fixture.snapshot().connections().idle()).isOne();
		}
	}

	/**
	 * HttpClient opens a connection again that was closed just before the request.
	 */
	@Test
	void requestThatBelongsIntoATunnelIsNeverSentToTheProxyItself() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200);
			if (exchange.method().equals("CONNECT")) {
				exchange.connection().startTls();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port()))
			.addExecInterceptorLast("lost", (request, scope, chain) -> {
				scope.execRuntime.disconnectEndpoint();
				return chain.proceed(request, scope);
			}))) {
			assertThatIOException().isThrownBy(() -> pool.get(TARGET)).withMessageContaining("tunnel");
			assertThat(proxy.requests()).extracting(ScriptedUpstream.Request::method).containsOnly("CONNECT");
			assertThat(pool.leased()).isZero();
		}
	}

	private static void challenge(Exchange exchange, int length) throws IOException {
		exchange.status(407, "x".repeat(length).getBytes(StandardCharsets.US_ASCII),
				"Proxy-Authenticate: Basic realm=\"test\"");
	}

	private static PoolFixture through(ScriptedUpstream proxy) {
		assertThat(TestCertificates.localhost()).isNotNull();
		HttpHost host = new HttpHost("http", "127.0.0.1", proxy.port());
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(host),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		return PoolFixture.with((settings) -> {
		}, (client) -> client.setProxy(host).setDefaultCredentialsProvider(credentials));
	}

}
