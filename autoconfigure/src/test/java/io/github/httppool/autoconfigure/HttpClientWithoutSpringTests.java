package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Apache HttpClients over a pool, for code that does not use Spring's clients.
 */
@Tag("waiting")
class HttpClientWithoutSpringTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/held" -> {
				this.answer.await(30, TimeUnit.SECONDS);
				exchange.ok("held");
			}
			case "/cookie" -> exchange.ok(new byte[2], "Set-Cookie: session=secret; Path=/");
			case "/unread" -> exchange.ok(new byte[2048]);
			default -> exchange.ok(exchange.path());
		}
	});

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("http-pool.pools.orders.max-total=1", "http-pool.acquire-timeout=200ms");

	@AfterEach
	void close() {
		this.answer.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	@Test
	void sharesConnectionsWithSpringsClientsAndLeavesThemOpenWhenItIsClosed() {
		this.runner.run((context) -> {
			HttpPool pool = context.getBean(HttpPools.class).get("orders");
			RestClient spring = context.getBean("ordersRestClient", RestClient.class);
			try (CloseableHttpClient client = pool.newHttpClient()) {
				assertThat(get(client, "/first")).isEqualTo("/first");
				spring.get().uri(this.upstream.uri("/second")).retrieve().toBodilessEntity();
				assertThat(get(client, "/third")).isEqualTo("/third");
			}
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
			spring.get().uri(this.upstream.uri("/fourth")).retrieve().toBodilessEntity();
			assertThat(get(pool.newHttpClient(), "/fifth")).isEqualTo("/fifth");
			assertThat(this.upstream.accepted()).isOne();
			assertThat(pool.snapshot().totals().calls()).isEqualTo(5);
		});
	}

	@Test
	void limitsAndTimeoutsOfThePoolHoldForIt() {
		this.runner.run((context) -> {
			HttpPool pool = context.getBean(HttpPools.class).get("orders");
			HttpClient client = pool.newHttpClient();
			Future<String> held = this.callers.submit(() -> get(client, "/held"));
			Awaitility.await().until(() -> pool.snapshot().connections().leased() == 1);
			assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> get(client, "/"))
				.withMessageContaining("pool 'orders'")
				.withMessageContaining("within 200ms");
			this.answer.countDown();
			assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo("held");
		});
	}

	@Test
	void anUnreadBodyIsDrainedAndNoCookieIsKept() {
		this.runner.run((context) -> {
			HttpPool pool = context.getBean(HttpPools.class).get("orders");
			HttpClient client = pool.newHttpClient();
			client.executeOpen(null, new HttpGet(this.upstream.uri("/unread")), null).close();
			get(client, "/cookie");
			get(client, "/");
			assertThat(this.upstream.accepted()).isOne();
			assertThat(this.upstream.requests().get(2).header("Cookie")).isNull();
		});
	}

	@Test
	void itsBuilderIsCustomizedByItsUserAndThenByThePoolsCustomizers() {
		this.runner.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				client.setUserAgent("agent of " + pool);
			}

		}).run((context) -> {
			HttpPool pool = context.getBean(HttpPools.class).get("default");
			HttpClient client = pool.newHttpClient((builder) -> builder.setUserAgent("mine")
				.disableRedirectHandling()
				.addRequestInterceptorLast((request, entity, exchange) -> request.setHeader("X-Mine", "yes")));
			assertThat(get(client, "/")).isEqualTo("/");
			assertThat(this.upstream.requests().get(0).header("X-Mine")).isEqualTo("yes");
			assertThat(this.upstream.requests().get(0).header("User-Agent")).isEqualTo("agent of default");
		});
	}

	private String get(HttpClient client, String path) throws IOException {
		return client.execute(new HttpGet(this.upstream.uri(path)),
				(ClassicHttpResponse response) -> EntityUtils.toString(response.getEntity()));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
