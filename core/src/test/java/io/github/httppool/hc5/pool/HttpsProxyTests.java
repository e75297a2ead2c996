package io.github.httppool.hc5.pool;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.HaProxy;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Request;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.TinyProxy;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests HTTP proxies that are reached over TLS: tinyproxy behind HAProxy, and scripts.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpsProxyTests {

	@Test
	@RequiresProgram({ Program.NGINX, Program.HAPROXY, Program.TINYPROXY })
	void serversWithAndWithoutTlsAreReachedThroughTinyproxyBehindHaproxy() throws Exception {
		try (Nginx secure = Nginx.tls("TLSv1.3", "", "").publish("page", "secure".getBytes());
				Nginx plain = Nginx.start("", "").publish("page", "plain".getBytes());
				TinyProxy tiny = TinyProxy.start("BasicAuth user s3cret");
				HaProxy tls = HaProxy.tlsBefore(tiny.port());
				PoolFixture pool = through(tls.port(), "user", "s3cret")) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(URI.create(secure.url() + "/page"))).isEqualTo("secure");
			}
			assertThat(pool.get(URI.create(plain.url() + "/page"))).isEqualTo("plain");
			assertThat(pool.snapshot().routes())
				.filteredOn((route) -> route.route().equals(secure.url() + " via https://localhost:" + tls.port()))
				.singleElement()
				.satisfies((route) -> assertThat(route.totals().opened()).isOne());
		}
	}

	@Test
	@RequiresProgram({ Program.HAPROXY, Program.TINYPROXY })
	void wrongCredentialsAreExplained() throws Exception {
		try (TinyProxy tiny = TinyProxy.start("BasicAuth user s3cret");
				HaProxy tls = HaProxy.tlsBefore(tiny.port());
				PoolFixture pool = through(tls.port(), "user", "wrong")) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.get(URI.create("https://localhost:8443/")))
				.withMessageContaining("does not accept the credentials")
				.withMessageContaining("https://localhost:" + tls.port());
		}
	}

	/**
	 * HttpClient takes the name of the server for the TLS of the proxy where the two are
	 * known.
	 */
	@Test
	void aProxyWithTheCertificateOfAnotherHostIsRefused() throws Exception {
		TestCertificates other = TestCertificates.forHost("other.example");
		try (ScriptedUpstream proxy = ScriptedUpstream.tls((exchange) -> exchange.ok("never")).certificates(other);
				PoolFixture pool = through(proxy.port(), "user", "s3cret")) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://origin.example/")))
				.withMessageContaining("of the proxy")
				.withMessageContaining("certificate");
			assertThat(proxy.requests()).isEmpty();
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void handshakeWithASilentProxyFailsInTime() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(ScriptedUpstream.Exchange::stall)
			.onConnect((connection) -> connection.awaitClientClose(Duration.ofSeconds(30)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.tlsHandshakeTimeout(Duration.ofMillis(500))
					.proxy(settings(proxy.port(), null, null)))) {
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get(URI.create("https://localhost:8443/")))
				.withMessageContaining("http-pool.tls-handshake-timeout");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void handshakeTimeoutFollowsAChange() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(ScriptedUpstream.Exchange::stall)
			.onConnect((connection) -> connection.awaitClientClose(Duration.ofSeconds(30)));
				PoolFixture pool = PoolFixture.with((settings) -> settings.tlsHandshakeTimeout(Duration.ofMillis(100))
					.proxy(settings(proxy.port(), null, null)))) {
			pool.change((settings) -> settings.tlsHandshakeTimeout(Duration.ofSeconds(2)));
			long started = System.nanoTime();
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get(URI.create("https://localhost:8443/")));
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(1500));
		}
	}

	/**
	 * It looks like the one within the tunnel, but TLS with the proxy is all that it has.
	 */
	@Test
	void requestThatBelongsIntoATunnelIsNeverSentToTheProxyItself() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.tls((exchange) -> {
			exchange.head(200);
			if (exchange.method().equals("CONNECT")) {
				exchange.connection().startTls();
			}
		});
				PoolFixture pool = PoolFixture.with((settings) -> settings.proxy(settings(proxy.port(), null, null)),
						(client) -> client.addExecInterceptorLast("lost", (request, scope, chain) -> {
							scope.execRuntime.disconnectEndpoint();
							return chain.proceed(request, scope);
						}))) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://localhost:8443/private")));
			assertThat(proxy.requests()).extracting(Request::method).doesNotContain("GET");
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TLS_1_2", "TLS_1_3" })
	@RequiresProgram({ Program.HAPROXY, Program.TINYPROXY })
	void aCloseAndAForgedResponseAreSeenThroughBothLayers(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok("hello"));
				TinyProxy tiny = TinyProxy.start();
				HaProxy tls = HaProxy.tlsBefore(tiny.port());
				PoolFixture pool = through(tls.port(), null, null)) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().sendRaw("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
			soon().until(() -> pool.closed(CloseReason.UNSOLICITED_DATA) == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			// The end of TLS is bytes, too, and the end of the stream can come later.
			soon().until(() -> pool.closed(CloseReason.STALE) + pool.closed(CloseReason.UNSOLICITED_DATA) == 2);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(pool.snapshot().totals().replayed()).isZero();
			assertThat(pool.snapshot().totals().opened()).isEqualTo(3);
		}
	}

	private static PoolFixture through(int port, String username, String password) {
		return PoolFixture.with((settings) -> settings.proxy(settings(port, username, password)));
	}

	private static ProxySettings settings(int port, String username, String password) {
		return new ProxySettings("https://localhost:" + port, username, password, List.of(), false);
	}

}
