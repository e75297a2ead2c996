package io.github.httppool.hc5;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Soon;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for settings of callers that override those of the pool.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerSettingsTests {

	@Test
	void connectionsOfAUserTokenServeNoOtherUser() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(String.valueOf(exchange.request().connection())));
				PoolFixture pool = PoolFixture.withDefaults()) {
			URI uri = upstream.uri("/");
			assertThat(List.of(get(pool, uri, "a"), get(pool, uri, "b"), get(pool, uri, null), get(pool, uri, "b"),
					get(pool, uri, "a"), get(pool, uri, null)))
				.containsExactly("0", "1", "2", "1", "0", "2");
			// An unowned connection becomes that of the first user token.
			assertThat(List.of(get(pool, uri, "c"), get(pool, uri, "c"), get(pool, uri, null))).containsExactly("2",
					"2", "3");
			pool.assertConnections(4, Map.of());
		}
	}

	@Test
	void idleConnectionOfAUserTokenMakesRoomForAnother() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1))) {
			for (String token : new String[] { "a", "b", null, "a" }) {
				assertThat(get(pool, upstream.uri("/"), token)).isEqualTo("ok");
			}
			assertThat(upstream.accepted()).isEqualTo(3);
			Soon.soon().untilAsserted(() -> assertThat(upstream.open()).isEqualTo(1));
			assertThat(pool.snapshot().totals().closed().values()).containsExactly(2L);
		}
	}

	/**
	 * Some callers wrongly share a context between threads. Here the second call begins
	 * during the first one, and continues after its end.
	 */
	@Test
	void contextSharedByTwoThreadsKeepsNoCall() throws Exception {
		CountDownLatch firstSent = new CountDownLatch(1);
		CountDownLatch secondSent = new CountDownLatch(1);
		CountDownLatch firstOver = new CountDownLatch(1);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.request().path()) {
				case "/first" -> {
					firstSent.countDown();
					secondSent.await(20, TimeUnit.SECONDS);
					exchange.ok("ok");
				}
				case "/second" -> {
					secondSent.countDown();
					firstOver.await(20, TimeUnit.SECONDS);
					exchange.status(302, "", "Location: /third");
				}
				default -> exchange.ok("ok");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpClientContext context = HttpClientContext.create();
			CompletableFuture<String> first = getLater(pool, upstream.uri("/first"), context);
			assertThat(firstSent.await(20, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<String> second = getLater(pool, upstream.uri("/second"), context);
			assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
			firstOver.countDown();
			assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
			assertThat(context.getUserToken()).isNull();
		}
	}

	private static CompletableFuture<String> getLater(PoolFixture pool, URI uri, HttpClientContext context) {
		CompletableFuture<String> result = new CompletableFuture<>();
		new Thread(() -> {
			try {
				result.complete(get(pool.client, uri, context));
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "caller").start();
		return result;
	}

	@Test
	void proxyOfACallerTakesThePlaceOfThePools() throws Exception {
		try (ScriptedUpstream ofThePool = ScriptedUpstream.plain((exchange) -> exchange.ok("the pool's"));
				ScriptedUpstream own = ScriptedUpstream.plain((exchange) -> exchange.ok("own"))) {
			HttpClientPool pool = new HttpClientPool("default",
					HttpPoolSettings.builder()
						.proxy(new ProxySettings(ofThePool.url(), null, null, List.of(), false))
						.build(),
					List.of(), List.of(), null, null);
			try (CloseableHttpClient usual = pool.newHttpClient();
					CloseableHttpClient other = pool
						.newHttpClient((client) -> client.setProxy(new HttpHost("http", "127.0.0.1", own.port())))) {
				URI uri = URI.create("http://server.invalid/");
				assertThat(get(usual, uri, HttpClientContext.create())).isEqualTo("the pool's");
				assertThat(get(other, uri, HttpClientContext.create())).isEqualTo("own");
			}
			pool.shutDown();
		}
	}

	@Test
	@SuppressWarnings("deprecation")
	void requestsWithoutAnAcquireTimeoutUseThatOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(200)));
				CloseableHttpClient client = pool.pool.newHttpClient((builder) -> builder
					.setDefaultRequestConfig(RequestConfig.custom().setRedirectsEnabled(false).build()))) {
			try (CloseableHttpResponse held = client.execute(new HttpGet(upstream.uri("/")))) {
				assertThatIOException().isThrownBy(() -> client.execute(new HttpGet(upstream.uri("/"))))
					.withMessageContaining("200ms");
			}
			pool.assertConnections(1, Map.<CloseReason, Long>of());
		}
	}

	private static String get(PoolFixture pool, URI uri, String userToken) throws IOException {
		HttpClientContext context = HttpClientContext.create();
		context.setUserToken(userToken);
		String body = get(pool.client, uri, context);
		assertThat(context.getUserToken()).isEqualTo(userToken);
		return body;
	}

	private static String get(CloseableHttpClient client, URI uri, HttpClientContext context) throws IOException {
		return client.execute(new HttpGet(uri), context, (response) -> EntityUtils.toString(response.getEntity()));
	}

}
