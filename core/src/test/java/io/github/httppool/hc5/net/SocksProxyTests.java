package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.FixedAddresses;
import io.github.httppool.testing.MicroSocks;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests pools whose settings name a SOCKS proxy: Debian's microsocks, and a script where
 * the proxy must fail.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocksProxyTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final String FORGED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

	@ParameterizedTest
	@EnumSource
	@RequiresProgram(Program.MICROSOCKS)
	void aServerIsReachedWithUserAndPasswordAndTheConnectionReused(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				MicroSocks proxy = MicroSocks.start("-u", "user", "-P", "s3cret");
				PoolFixture pool = through(proxy.url(), "user", "s3cret")) {
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			}
			assertThat(upstream.accepted()).isOne();
			pool.assertConnections(1, Map.of());
			assertThat(pool.snapshot().routes().get(0).route()).isEqualTo(upstream.url() + " via " + proxy.url());
			assertThat(upstream.requests()).noneMatch((request) -> request.toString().contains("s3cret"));
		}
	}

	@Test
	@RequiresProgram({ Program.NGINX, Program.MICROSOCKS })
	void nginxWithTlsIsReachedWithoutCredentials() throws Exception {
		try (Nginx nginx = Nginx.tls("TLSv1.3", "", "").publish("page", "secure".getBytes());
				MicroSocks proxy = MicroSocks.start();
				PoolFixture pool = through(proxy.url(), null, null)) {
			assertThat(pool.get(URI.create(nginx.url() + "/page"))).isEqualTo("secure");
			assertThat(pool.get(URI.create(nginx.url() + "/page"))).isEqualTo("secure");
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	@RequiresProgram(Program.MICROSOCKS)
	void wrongAndMissingCredentialsAreExplained() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				MicroSocks proxy = MicroSocks.start("-u", "user", "-P", "s3cret");
				PoolFixture wrong = through(proxy.url(), "user", "no s3cret");
				PoolFixture missing = through(proxy.url(), null, null)) {
			assertThatExceptionOfType(ProxyRefusedException.class).isThrownBy(() -> wrong.get(upstream.uri("/")))
				.withMessageContaining("does not accept the credentials")
				.withMessageContaining("http-pool.proxy.username")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret"));
			assertThatExceptionOfType(ProxyRefusedException.class).isThrownBy(() -> missing.get(upstream.uri("/")))
				.withMessageContaining("requires a login")
				.satisfies((ex) -> assertThat(ex.getProxy()).isEqualTo(proxy.url()));
			assertThat(wrong.leased()).isZero();
			assertThat(upstream.accepted()).isZero();
		}
	}

	@Test
	@RequiresProgram(Program.MICROSOCKS)
	void aServerThatRefusesConnectionsIsExplained() throws Exception {
		try (MicroSocks proxy = MicroSocks.start(); PoolFixture pool = through(proxy.url(), null, null)) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.get(URI.create("http://127.0.0.1:1/")))
				.withMessageContaining("http://127.0.0.1:1")
				.withMessageContaining("answered 5, connection refused")
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(5));
			assertThat(pool.figures().connects().failed()).isOne();
			assertThat(pool.leased()).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "1, general failure", "2, not allowed", "3, network unreachable", "4, host unreachable",
			"5, connection refused", "6, TTL", "7, command", "8, address type", "99, RFC 1928 does not define" })
	void eachReplyIsExplained(int reply, String words) throws Exception {
		try (SocksScript proxy = SocksScript.start(0, SocksScript.Answers.of(0, new byte[] { 5, (byte) reply }));
				PoolFixture pool = through(proxy.url(), null, null)) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.get(URI.create("http://origin.example/")))
				.withMessageContaining(words)
				.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(reply));
		}
	}

	@Test
	void proxyLooksUpTheNameUnlessTheApplicationMustSeeTheAddress() throws Exception {
		HttpPoolCustomizer ownNames = new FixedAddresses(new InetSocketAddress("127.0.0.9", 83));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(0, SocksScript.GRANTED));
				PoolFixture remote = through(proxy.url(), null, null);
				PoolFixture local = PoolFixture
					.customized((settings) -> settings.proxy(settings(proxy.url(), null, null)), ownNames)) {
			assertThat(remote.get(URI.create("http://nobody-knows.invalid:81/"))).isEqualTo("hello");
			assertThat(remote.get(URI.create("http://[2001:db8::1]:82/"))).isEqualTo("hello");
			assertThat(local.get(URI.create("http://nobody-knows.invalid:83/"))).isEqualTo("hello");
			assertThat(proxy.targets()).containsExactly("nobody-knows.invalid:81", "2001:db8:0:0:0:0:0:1:82",
					"127.0.0.9:83");
		}
	}

	@Test
	void nameAndPasswordAreSentAsTheyAre() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(2, SocksScript.GRANTED));
				PoolFixture pool = through(proxy.url(), "ü:ser", "p\u00e4ss ")) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(proxy.logins()).containsExactly("ü:ser:päss ");
		}
	}

	/**
	 * Also the answer with a name in the place of an address, whose bytes must not be
	 * taken for the server's.
	 */
	@Test
	void replyOfAnyLengthEndsBeforeTheBytesOfTheServer() throws Exception {
		byte[] answer = "\5\0\0\3\11localhost\0\0".getBytes(StandardCharsets.US_ASCII);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(0, answer));
				PoolFixture pool = through(proxy.url(), null, null)) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			pool.assertConnections(1, Map.of());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "silent", "drips", "http", "closes" })
	void serverThatIsNoSocksProxyDoesNotBlockCallers(String kind) throws Exception {
		SocksScript.Answers answers = new SocksScript.Answers() {

			@Override
			public byte[] toGreeting(Socket client) throws Exception {
				switch (kind) {
					case "http" -> client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n".getBytes());
					case "closes" -> client.close();
				}
				return new byte[] { 5, 0 };
			}

			@Override
			public byte[] toRequest(Socket client) throws Exception {
				if (kind.equals("drips")) {
					client.getOutputStream().write(new byte[] { 5, 0, 0, 3, (byte) 255 });
					for (int i = 0; i < 200; i++) {
						client.getOutputStream().write('x');
						Pause.ofMillis(50);
					}
				}
				Pause.ofMillis(30_000);
				return SocksScript.GRANTED;
			}

		};
		try (SocksScript proxy = SocksScript.start(0, answers);
				PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(Duration.ofMillis(500))
					.proxy(settings(proxy.url(), null, null)))) {
			long started = System.nanoTime();
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://origin.example/")))
				.withMessageContaining("via " + proxy.url())
				.satisfies((ex) -> {
					switch (kind) {
						case "http" -> assertThat(ex).hasMessageContaining("does not speak SOCKS 5");
						case "closes" -> assertThat(ex).hasMessageContaining("of the proxy");
						default -> assertThat(ex).isInstanceOf(ConnectTimeoutException.class)
							.hasMessageContaining("http-pool.connect-timeout");
					}
				});
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	@RequiresProgram(Program.MICROSOCKS)
	void aCloseBehindTheProxyIsSeenBeforeTheNextCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				MicroSocks proxy = MicroSocks.start();
				PoolFixture pool = through(proxy.url(), null, null)) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			soon().until(() -> pool.closed(CloseReason.STALE) == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(pool.snapshot().totals().replayed()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	@RequiresProgram(Program.MICROSOCKS)
	void aForgedResponseIsNeverSeen(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				MicroSocks proxy = MicroSocks.start();
				PoolFixture pool = through(proxy.url(), null, null)) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().sendRaw(FORGED);
			soon().until(() -> pool.closed(CloseReason.UNSOLICITED_DATA) == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
		}
	}

	@Test
	void aHostWithAnExceptionIsReachedDirectly() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(0, SocksScript.GRANTED));
				PoolFixture pool = PoolFixture.with((settings) -> settings
					.proxy(new ProxySettings(proxy.url(), null, null, List.of("127.0.0.0/8"), false)))) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(proxy.targets()).isEmpty();
			assertThat(pool.get(URI.create("http://origin.example/"))).isEqualTo("hello");
			assertThat(proxy.targets()).containsExactly("origin.example:80");
			assertThat(pool.snapshot().routes()).extracting((route) -> route.route())
				.containsExactlyInAnyOrder(upstream.url(), "http://origin.example:80 via " + proxy.url());
		}
	}

	private static PoolFixture through(String url, String username, String password) {
		return PoolFixture.with((settings) -> settings.proxy(settings(url, username, password)));
	}

	private static ProxySettings settings(String url, String username, String password) {
		return new ProxySettings(url, username, password, List.of(), false);
	}

}
