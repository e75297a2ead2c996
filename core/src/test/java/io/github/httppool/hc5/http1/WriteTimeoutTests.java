package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CallTimeoutException;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedEntity;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.StrictServer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.MediaType;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that a peer that accepts no byte for the response timeout fails the call, and
 * that one that accepts some bytes, however slowly, does not.
 */
@Tag("slow")
@Timeout(60)
class WriteTimeoutTests {

	private static final int LARGE = 30_000_000;

	private final CountDownLatch over = new CountDownLatch(1);

	private boolean waitForTheEnd(StrictServer.Peer peer) {
		try {
			this.over.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aPeerThatAcceptsNothingFailsTheCall(boolean tls) throws Exception {
		for (int piece : new int[] { 1000, LARGE }) {
			try (StrictServer server = StrictServer.start(tls, this::waitForTheEnd);
					PoolFixture pool = PoolFixture
						.with((settings) -> settings.responseTimeout(Duration.ofSeconds(1)))) {
				HttpPut request = new HttpPut(server.uri("/deaf"));
				request.setEntity(new ScriptedEntity(LARGE, (out) -> {
					for (int left = LARGE; left > 0; left -= piece) {
						out.write(new byte[piece]);
					}
				}));
				long started = System.nanoTime();
				assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
					.isInstanceOf(SocketTimeoutException.class)
					.hasMessageContaining("accepted no byte of the request for longer than 1s")
					.hasMessageMatching("(?s).*after [1-9][0-9]+ bytes of it had been sent.*")
					.hasMessageContaining("PUT /deaf")
					.hasMessageContaining("http-pool.response-timeout");
				assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofSeconds(1),
						Duration.ofSeconds(20));
				soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
			}
		}
		this.over.countDown();
	}

	@Test
	void aJsonBodyFailsWithTheTimeoutAndNotWithWhatJacksonMakesOfIt() throws Exception {
		try (StrictServer server = StrictServer.start(false, this::waitForTheEnd);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofSeconds(1)))) {
			RestClient client = RestClient.builder()
				.requestFactory(new HttpComponentsClientHttpRequestFactory(pool.client))
				.build();
			assertThatThrownBy(() -> client.put()
				.uri(server.uri("/deaf"))
				.contentType(MediaType.APPLICATION_JSON)
				.body(Collections.nCopies(2_000_000, "abcdefghij"))
				.retrieve()
				.toBodilessEntity()).isInstanceOf(ResourceAccessException.class)
				.rootCause()
				.isInstanceOf(SocketTimeoutException.class);
		}
		this.over.countDown();
	}

	/**
	 * Also where a socket takes less than the smallest body that is uploaded without
	 * looking.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aSmallSocketIsBoundedAsWell(boolean tls) throws Exception {
		try (StrictServer server = StrictServer.start(tls, this::waitForTheEnd).receiveBuffer(2048);
				PoolFixture pool = PoolFixture.customized((settings) -> settings.responseTimeout(Duration.ofSeconds(1)),
						new HttpPoolCustomizer() {

							@Override
							public void customizeConnections(String name,
									PoolingHttpClientConnectionManagerBuilder builder) {
								builder.setDefaultSocketConfig(SocketConfig.custom().setSndBufSize(2048).build());
							}

						})) {
			HttpPut request = new HttpPut(server.uri("/deaf"));
			request.setEntity(new ScriptedEntity(60_000, (out) -> out.write(new byte[60_000])));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(SocketTimeoutException.class);
			soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
		}
		this.over.countDown();
	}

	/**
	 * Ways to a server that reads nothing.
	 */
	enum Way {

		HTTP_PROXY("http", false), TUNNEL("http", true), TUNNEL_WITHIN_TLS("https", true), SOCKS("socks5", false),
		SOCKS_WITH_TLS("socks5", true), SOCKS_OF_HTTPCLIENT(null, false), SOCKS_OF_HTTPCLIENT_WITH_TLS(null, true);

		private final String scheme;

		private final boolean tls;

		Way(String scheme, boolean tls) {
			this.scheme = scheme;
			this.tls = tls;
		}

	}

	@ParameterizedTest
	@EnumSource
	void itIsBoundedThroughProxies(Way way) throws Exception {
		boolean socks = way.scheme == null || way.scheme.equals("socks5");
		ScriptedUpstream.Script deaf = (exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.head(200);
				exchange.connection().startTls();
			}
			else {
				this.over.await();
			}
		};
		boolean tlsToIt = socks ? way.tls : "https".equals(way.scheme);
		try (ScriptedUpstream deafServer = (tlsToIt ? ScriptedUpstream.tls(deaf) : ScriptedUpstream.plain(deaf))
			.leaveBodies();
				SocksScript relay = SocksScript.start(deafServer.port(),
						SocksScript.Answers.of(0, SocksScript.GRANTED));
				PoolFixture pool = pool(way.scheme, socks ? URI.create(relay.url()).getPort() : deafServer.port())) {
			HttpPut request = new HttpPut((way.tls ? "https" : "http") + "://localhost:8443/deaf");
			request.setEntity(new ScriptedEntity(LARGE, (out) -> out.write(new byte[LARGE])));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(SocketTimeoutException.class)
				.hasMessageContaining("accepted no byte of the request");
			soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
		}
		this.over.countDown();
	}

	private static PoolFixture pool(String scheme, int port) {
		return PoolFixture.customized((settings) -> {
			settings.responseTimeout(Duration.ofSeconds(1));
			if (scheme != null) {
				settings.proxy(new ProxySettings(scheme + "://localhost:" + port, null, null, List.of(), false));
			}
		}, new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String name, PoolingHttpClientConnectionManagerBuilder connections) {
				if (scheme == null) {
					connections.setDefaultSocketConfig(SocketConfig.custom()
						.setSocksProxyAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
						.build());
				}
			}

		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aPeerThatAcceptsSlowlyIsWaitedFor(boolean tls) throws Exception {
		int size = 12_000_000;
		try (StrictServer server = StrictServer.start(tls, (peer) -> {
			for (int read = 0; read < size / 2; read += 1_000_000) {
				peer.read(1_000_000);
				pause(500);
			}
			peer.read(size / 2);
			peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
			return false;
		}).receiveBuffer(64 * 1024);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofSeconds(2)))) {
			HttpPut request = new HttpPut(server.uri("/slow"));
			request.setEntity(new ScriptedEntity(size, (out) -> out.write(new byte[size])));
			assertThat(BrokenRequestTests.status(pool, request)).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aCancelledUploadEndsAtOnce(boolean tls) throws Exception {
		try (StrictServer server = StrictServer.start(tls, this::waitForTheEnd);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (boolean interrupt : new boolean[] { false, true }) {
				HttpPut request = new HttpPut(server.uri("/deaf"));
				request.setEntity(new ScriptedEntity(LARGE, (out) -> out.write(new byte[LARGE])));
				AtomicReference<Throwable> failure = new AtomicReference<>();
				Thread caller = new Thread(() -> {
					try {
						pool.client.execute(request, (response) -> response.getCode());
					}
					catch (Throwable ex) {
						failure.set(ex);
					}
				});
				caller.start();
				soon().until(() -> caller.getStackTrace().length > 0
						&& Arrays.toString(caller.getStackTrace()).contains("awaitRoom"));
				if (interrupt) {
					caller.interrupt();
				}
				else {
					request.cancel();
				}
				caller.join(10_000);
				assertThat(caller.isAlive()).isFalse();
				assertThat(failure.get()).isInstanceOf(IOException.class);
				soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
			}
		}
		this.over.countDown();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aCallTimeoutEndsAnUploadThatTheServerDoesNotAccept(boolean tls) throws Exception {
		try (StrictServer server = StrictServer.start(tls, this::waitForTheEnd);
				PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofSeconds(1)))) {
			HttpPut request = new HttpPut(server.uri("/deaf"));
			request.setEntity(new ScriptedEntity(LARGE, (out) -> out.write(new byte[LARGE])));
			assertThatThrownBy(() -> pool.client.execute(request, (response) -> response.getCode()))
				.isInstanceOf(CallTimeoutException.class);
		}
		this.over.countDown();
	}

	/**
	 * A large body and its answer leave the connection as they found it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aConnectionIsReusedAfterALargeUpload(boolean tls) throws Exception {
		try (StrictServer server = StrictServer.start(tls); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int size : new int[] { 10, 70_000, 10_000_000, 64 * 1024, 64 * 1024 + 1 }) {
				HttpPut request = new HttpPut(server.uri("/whole"));
				byte[] bytes = new byte[size];
				new Random(size).nextBytes(bytes);
				request.setEntity(new ScriptedEntity((size % 2 == 0) ? size : -1, (out) -> out.write(bytes)));
				assertThat(BrokenRequestTests.text(pool, request)).isEqualTo(Integer.toString(size));
				assertThat(server.messages().get(server.messages().size() - 1).body()).isEqualTo(bytes);
				assertThat(BrokenRequestTests.status(pool, new HttpGet(server.uri("/get")))).isEqualTo(200);
			}
			assertThat(pool.pool.snapshot().totals().opened()).isEqualTo(1);
			assertThat(server.flaws()).isEmpty();
		}
	}

	private static void pause(long millis) {
		try {
			Pause.ofMillis(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
