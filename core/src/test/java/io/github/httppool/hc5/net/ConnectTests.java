package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
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
 * Tests for the limits of every step before the body of a response.
 */
@Tag("waiting")
@Timeout(60)
class ConnectTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void connectFailsAfterItsTimeout() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(Duration.ofMillis(300)))) {
			long started = System.nanoTime();
			assertThatExceptionOfType(ConnectTimeoutException.class).isThrownBy(() -> pool.get(dead.uri()))
				.withMessageContaining("300ms")
				.withMessageContaining("http-pool.connect-timeout");
			assertThat(since(started)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().opened()).isZero();
		}
	}

	@Test
	void liveAddressIsReachedWithinTheTimeoutThoughTheFirstOnesAreDead() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				TwoFaced pool = new TwoFaced(Duration.ofSeconds(3), dead.address(), dead.address(),
						new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()))) {
			long started = System.nanoTime();
			assertThat(pool.get("http://two-faced.example/")).isEqualTo("hello");
			assertThat(since(started)).isLessThan(Duration.ofSeconds(3));
		}
	}

	@Test
	void allAddressesTogetherGetNoMoreThanTheTimeout() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				TwoFaced pool = new TwoFaced(Duration.ofMillis(600), dead.address(), dead.address(), dead.address())) {
			long started = System.nanoTime();
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get("http://two-faced.example/"))
				.withMessageContaining("600ms")
				.withMessageContaining("3 addresses");
			assertThat(since(started)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1500));
		}
	}

	@Test
	void refusedAddressIsFollowedByTheNext() throws Exception {
		int closed = closedPort();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				TwoFaced pool = new TwoFaced(Duration.ofSeconds(3),
						new InetSocketAddress(InetAddress.getLoopbackAddress(), closed),
						new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()))) {
			assertThat(pool.get("http://two-faced.example/")).isEqualTo("hello");
		}
	}

	@Test
	void unknownHostLeavesNothingBehind() throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatExceptionOfType(UnknownHostException.class)
				.isThrownBy(() -> pool.get(URI.create("http://unknown.invalid/")));
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void handshakeWithASilentServerEnds() throws Exception {
		assertHandshakeEnds((connection) -> connection.awaitClientClose(Duration.ofSeconds(20)));
	}

	@Test
	void handshakeWithAServerThatDripsEnds() throws Exception {
		assertHandshakeEnds((connection) -> {
			connection.sendRaw(new byte[] { 22, 3, 3, 0x40, 0 });
			while (!connection.awaitClientClose(Duration.ofMillis(20))) {
				connection.sendRaw(new byte[] { 2 });
			}
		});
	}

	private static void assertHandshakeEnds(ScriptedUpstream.ConnectionScript script) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO).onConnect(script);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.tlsHandshakeTimeout(Duration.ofMillis(300)))) {
			long started = System.nanoTime();
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get(URI.create("https://127.0.0.1:" + upstream.port())))
				.withMessageContaining("300ms")
				.withMessageContaining("http-pool.tls-handshake-timeout");
			assertThat(since(started)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().opened()).isZero();
		}
	}

	@Test
	void silenceAfterTheRequestEndsAfterTheResponseTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(ScriptedUpstream.Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofMillis(300)))) {
			long started = System.nanoTime();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("http-pool.response-timeout");
			assertThat(since(started)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(1);
		}
	}

	@Test
	void silenceWithinTheBodyEndsAfterTheResponseTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Content-Length: 5").sendRaw("he").stall());
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofMillis(300)))) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("http-pool.response-timeout");
			assertThat(pool.leased()).isZero();
			assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(1);
		}
	}

	@Test
	void bodyIsSentThoughTheServerNeverSaysContinue() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO).ignoreExpect();
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.expectContinueTimeout(Duration.ofMillis(300)))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			post.setEntity(new StringEntity("body"));
			long started = System.nanoTime();
			pool.client.execute(post, (response) -> EntityUtils.toString(response.getEntity()));
			assertThat(since(started)).isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
			assertThat(upstream.requests()).singleElement().satisfies((request) -> {
				assertThat(request.header("Expect")).isEqualToIgnoringCase("100-continue");
				assertThat(request.bodyText()).isEqualTo("body");
			});
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	/**
	 * With the default of {@code expect-continue-timeout}, as long as reads whose time
	 * the housekeeper keeps.
	 */
	@ParameterizedTest
	@EnumSource
	void bodyIsSentOverANewConnectionIfContinueIsMissingForASecond(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO).ignoreExpect();
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 2; i++) {
				HttpPost post = new HttpPost(upstream.uri("/"));
				post.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
				post.setEntity(new StringEntity("body"));
				assertThat(pool.read(post)).isEqualTo("hello");
			}
			assertThat(upstream.requests()).hasSize(2).allMatch((request) -> request.bodyText().equals("body"));
			pool.assertConnections(1, Map.of());
		}
	}

	/**
	 * What has come with an interim response is not waited for.
	 */
	@Test
	void answerInPlaceOfContinueIsTakenWithTheInterimResponseBeforeIt() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.sendRaw(ScriptedUpstream.Exchange.headText(103, "Link: </a>")
					+ ScriptedUpstream.Exchange.headText(417, "Content-Length: 0")))
			.leaveBodies();
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.expectContinueTimeout(Duration.ofSeconds(30)))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setConfig(RequestConfig.custom().setExpectContinueEnabled(true).build());
			post.setEntity(new StringEntity("body"));
			long started = System.nanoTime();
			int status = pool.client.execute(post, (response) -> response.getCode());
			assertThat(status).isEqualTo(417);
			assertThat(since(started)).isLessThan(Duration.ofSeconds(20));
		}
	}

	@Test
	void interruptAtADeadAddressTriesNoOtherAddress() throws Exception {
		assertReachesForNoOther((call, caller) -> caller.interrupt());
	}

	@Test
	void cancelAtADeadAddressTriesNoOtherAddress() throws Exception {
		assertReachesForNoOther((call, caller) -> call.cancel());
	}

	private static void assertReachesForNoOther(BiConsumer<HttpGet, Thread> end) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				TwoFaced pool = new TwoFaced(Duration.ofSeconds(20), List.of(events.listener), dead.address(),
						new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.port()))) {
			HttpGet get = new HttpGet("http://two-faced.example/");
			Thread caller = Thread.currentThread();
			events.once("connectStarted", () -> CallerThread.inThread("end", () -> {
				end.accept(get, caller);
				return null;
			}));
			assertThatIOException().isThrownBy(() -> pool.execute(get));
			Thread.interrupted();
			soon().until(() -> pool.pool.snapshot().connections().leased() == 0);
			assertThat(events.names).filteredOn("connectStarted"::equals).hasSize(1);
			assertThat(events.names).filteredOn("connectEnded"::equals).hasSize(1);
			assertThat(upstream.accepted()).isZero();
		}
	}

	@Test
	void slowLookupFailsAfterTheConnectTimeout() throws Exception {
		CountDownLatch answered = new CountDownLatch(1);
		try (TwoFaced pool = new TwoFaced(Duration.ofMillis(200), List.of(), () -> {
			answered.await();
			return List.of();
		})) {
			assertThatExceptionOfType(ConnectTimeoutException.class)
				.isThrownBy(() -> pool.get("http://two-faced.example/"))
				.withMessageContaining("No address of 'two-faced.example' within 200ms")
				.withMessageContaining("The limit is http-pool.connect-timeout");
			assertThat(pool.pool.snapshot().connections().leased()).isZero();
		}
		finally {
			answered.countDown();
		}
	}

	@Test
	void hostWithoutAnAddressIsUnknown() {
		try (TwoFaced pool = new TwoFaced(Duration.ofSeconds(20))) {
			assertThatExceptionOfType(UnknownHostException.class)
				.isThrownBy(() -> pool.get("http://two-faced.example/"))
				.withMessageStartingWith("No address of 'two-faced.example' (pool 'two-faced')")
				.withMessageContaining(": two-faced.example has no address.\n");
			assertThat(pool.pool.snapshot().connections().leased()).isZero();
		}
	}

	@Test
	void addressWithoutANumberIsUnknown() {
		try (TwoFaced pool = new TwoFaced(Duration.ofSeconds(20),
				InetSocketAddress.createUnresolved("two-faced.example", 80))) {
			assertThatExceptionOfType(UnknownHostException.class)
				.isThrownBy(() -> pool.get("http://two-faced.example/"));
			assertThat(pool.pool.snapshot().connections().leased()).isZero();
		}
	}

	@Test
	void hostWithAnAddressIsNotLookedUp() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				TwoFaced pool = new TwoFaced(Duration.ofSeconds(20), List.of(events.listener))) {
			HttpHost host = new HttpHost("http", InetAddress.getLoopbackAddress(), "two-faced.example",
					upstream.port());
			String body = pool.client.execute(host, new HttpGet("/"),
					(response) -> EntityUtils.toString(response.getEntity()));
			assertThat(body).isEqualTo("hello");
			assertThat(upstream.requests().get(0).header("Host")).startsWith("two-faced.example");
			assertThat(events.names).contains("connectStarted", "connectEnded").doesNotContain("dnsStarted");
		}
		int closed = closedPort();
		try (TwoFaced pool = new TwoFaced(Duration.ofSeconds(20))) {
			HttpHost host = new HttpHost("http", InetAddress.getLoopbackAddress(), "two-faced.example", closed);
			assertThatExceptionOfType(HttpHostConnectException.class)
				.isThrownBy(() -> pool.client.execute(host, new HttpGet("/"), HttpResponse::getCode));
			assertThat(pool.pool.snapshot().connections().leased()).isZero();
		}
	}

	@Test
	void allAddressesAreTriedWithoutATimeout() throws Exception {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				TwoFaced pool = new TwoFaced(Duration.ofMillis(1), new InetSocketAddress(loopback, closedPort()),
						new InetSocketAddress(loopback, upstream.port()))) {
			HttpGet get = new HttpGet("http://two-faced.example/");
			get.setConfig(withoutConnectTimeout());
			assertThat(pool.execute(get)).isEqualTo("hello");
		}
	}

	@SuppressWarnings("deprecation")
	private static RequestConfig withoutConnectTimeout() {
		return RequestConfig.custom().setConnectTimeout(org.apache.hc.core5.util.Timeout.DISABLED).build();
	}

	private static int closedPort() throws IOException {
		return ClosedPort.next();
	}

	private static Duration since(long started) {
		return Duration.ofNanos(System.nanoTime() - started);
	}

	/**
	 * A pool for which every host has some addresses.
	 */
	private static final class TwoFaced implements AutoCloseable {

		private final HttpClientPool pool;

		private final CloseableHttpClient client;

		TwoFaced(Duration connectTimeout, InetSocketAddress... addresses) {
			this(connectTimeout, List.of(), addresses);
		}

		TwoFaced(Duration connectTimeout, List<HttpPoolListener> listeners, InetSocketAddress... addresses) {
			this(connectTimeout, listeners, () -> List.of(addresses));
		}

		TwoFaced(Duration connectTimeout, List<HttpPoolListener> listeners,
				Callable<List<InetSocketAddress>> addresses) {
			DnsResolver resolver = new DnsResolver() {

				@Override
				public InetAddress[] resolve(String host) {
					throw new UnsupportedOperationException();
				}

				@Override
				public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
					try {
						return addresses.call();
					}
					catch (Exception ex) {
						throw new UnknownHostException(host);
					}
				}

				@Override
				public String resolveCanonicalHostname(String host) {
					return host;
				}

			};
			HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					connections.setDnsResolver(resolver);
				}

			};
			this.pool = new HttpClientPool("two-faced",
					HttpPoolSettings.builder().connectTimeout(connectTimeout).build(), listeners, List.of(customizer),
					null, null);
			HttpClientBuilder builder = HttpClientBuilder.create();
			this.pool.configureClient(builder, false, true);
			this.pool.attach(builder);
			this.client = builder.build();
		}

		String get(String uri) throws IOException {
			return execute(new HttpGet(uri));
		}

		String execute(HttpGet get) throws IOException {
			return this.client.execute(get, (response) -> EntityUtils.toString(response.getEntity()));
		}

		@Override
		public void close() {
			this.pool.shutDown();
		}

	}

}
