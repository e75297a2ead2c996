package io.github.httppool.hc5.pool;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests that existing clients follow timeouts that change.
 */
@org.junit.jupiter.api.Timeout(60)
@Tag("waiting")
class TimeoutChangeTests {

	private static final Duration SHORT = Duration.ofMillis(150);

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final ScriptedUpstream.Script SCRIPT = (exchange) -> {
		if (exchange.path().equals("/silent")) {
			exchange.stall();
		}
		if (exchange.path().equals("/slow")) {
			exchange.after(SHORT.multipliedBy(4));
		}
		exchange.ok("hello");
	};

	@Test
	void clientsFollowTheAcquireTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT);
				PoolFixture pool = pool((settings) -> settings.maxPerRoute(1).acquireTimeout(LONG));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/")))) {
			CompletableFuture<String> waiting = inThread("waiting", () -> pool.get(upstream.uri("/")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			pool.change((settings) -> settings.acquireTimeout(SHORT));
			assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.withMessageContaining("within 150ms (http-pool.acquire-timeout)");
			held.close();
			assertThat(waiting.get(10, TimeUnit.SECONDS)).as("who waited before has the time of then")
				.isEqualTo("hello");
		}
	}

	@Test
	void clientsFollowTheResponseTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT);
				PoolFixture pool = pool((settings) -> settings.responseTimeout(LONG))) {
			pool.get(upstream.uri("/"));
			pool.change((settings) -> settings.responseTimeout(SHORT));
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/silent")))
				.withMessageContaining("nothing for longer than 150ms");
			pool.change((settings) -> settings.responseTimeout(LONG));
			assertThat(pool.get(upstream.uri("/slow"))).isEqualTo("hello");
		}
	}

	@Test
	void anExchangeUnderWayKeepsItsResponseTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT);
				PoolFixture pool = pool((settings) -> settings.responseTimeout(LONG))) {
			CompletableFuture<String> call = inThread("caller", () -> pool.get(upstream.uri("/slow")));
			soon().until(() -> !upstream.requests().isEmpty());
			pool.change((settings) -> settings.responseTimeout(Duration.ofMillis(10)));
			assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
		}
	}

	@Test
	@SuppressWarnings("deprecation")
	void timeoutsOfARequestOverrideThoseOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT);
				PoolFixture pool = pool((settings) -> settings.maxPerRoute(1)
					.acquireTimeout(Duration.ofSeconds(3))
					.responseTimeout(Duration.ofSeconds(30)))) {
			pool.change((settings) -> settings.acquireTimeout(Duration.ofMillis(1)).responseTimeout(SHORT));
			HttpGet slow = new HttpGet(upstream.uri("/slow"));
			slow.setConfig(RequestConfig.custom()
				.setConnectionRequestTimeout(3, TimeUnit.SECONDS)
				.setResponseTimeout(30, TimeUnit.SECONDS)
				.build());
			CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/")));
			CompletableFuture<String> waiting = inThread("waiting", () -> pool.read(slow));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			held.close();
			assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
		}
	}

	@Test
	void clientsFollowTheCallTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT); PoolFixture pool = pool((settings) -> {
		})) {
			CompletableFuture<String> before = inThread("caller", () -> pool.get(upstream.uri("/slow")));
			soon().until(() -> !upstream.requests().isEmpty());
			pool.change((settings) -> settings.callTimeout(SHORT));
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/silent")));
			assertThat(before.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			pool.change((settings) -> settings.callTimeout(null));
			assertThat(pool.get(upstream.uri("/slow"))).isEqualTo("hello");
		}
	}

	@Test
	void clientsFollowTheConnectTimeout() throws Exception {
		try (DeadAddress dead = new DeadAddress(); PoolFixture pool = pool((settings) -> {
		})) {
			pool.change((settings) -> settings.connectTimeout(SHORT));
			assertThatExceptionOfType(ConnectTimeoutException.class).isThrownBy(() -> pool.get(dead.uri()))
				.withMessageContaining("http-pool.connect-timeout");
			assertThat(pool.snapshot().routes().get(0).tcp().mean()).isLessThan(Duration.ofMillis(1500));
		}
	}

	@Test
	void clientsFollowTheTlsHandshakeTimeout() throws Exception {
		// The kernel accepts, and nobody says a word.
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				PoolFixture pool = pool((settings) -> settings.tlsHandshakeTimeout(LONG))) {
			pool.change((settings) -> settings.tlsHandshakeTimeout(SHORT));
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://127.0.0.1:" + silent.getLocalPort())))
				.withMessageContaining("150ms")
				.withMessageContaining("http-pool.tls-handshake-timeout");
		}
	}

	@Test
	void clientsFollowTheExpectContinueTimeout() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT).ignoreExpect();
				PoolFixture pool = pool((settings) -> settings.expectContinueTimeout(Duration.ofSeconds(40))
					.responseTimeout(Duration.ofSeconds(50)))) {
			pool.change((settings) -> settings.expectContinueTimeout(SHORT));
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setHeader("Expect", "100-continue");
			post.setEntity(new StringEntity("body"));
			long started = System.nanoTime();
			assertThat(pool.read(post)).isEqualTo("hello");
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(SHORT.minusMillis(10), LONG);
		}
	}

	@Test
	void clientsFollowTheTimeOfInactivityBeforeACheck() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SCRIPT);
				PoolFixture pool = pool((settings) -> settings.validateAfterInactivity(LONG))) {
			pool.get(upstream.uri("/"));
			pool.change((settings) -> settings.validateAfterInactivity(Duration.ZERO));
			upstream.lastConnection().close();
			// Until the end of the stream is here.
			soon().pollDelay(Duration.ofMillis(50)).until(() -> !upstream.lastConnection().isOpen());
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new StringEntity("not replayed"));
			assertThat(pool.read(post)).isEqualTo("hello");
			assertThat(pool.snapshot().totals().opened()).isEqualTo(2);
		}
	}

	private static PoolFixture pool(Consumer<HttpPoolSettings.Builder> settings) {
		return PoolFixture.with(settings);
	}

}
