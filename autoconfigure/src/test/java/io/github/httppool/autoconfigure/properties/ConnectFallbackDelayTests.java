package io.github.httppool.autoconfigure.properties;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@code connect-fallback-delay} in an application: a host with a dead address
 * before a live one.
 */
@Tag("waiting")
@Timeout(60)
class ConnectFallbackDelayTests {

	private final List<String> connects = new CopyOnWriteArrayList<>();

	private final InMemoryDnsResolver resolver = new InMemoryDnsResolver();

	private ScriptedUpstream upstream;

	private DeadAddress dead;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(PropertiesAppliedTests.Application.class)
		.withBean(HttpPoolListener.class, () -> new HttpPoolListener() {

			@Override
			public void connectStarted(LeaseInfo lease, InetSocketAddress address) {
				ConnectFallbackDelayTests.this.connects.add("start " + address.getAddress().getHostAddress());
			}

			@Override
			public void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos,
					@Nullable Exception failure) {
				ConnectFallbackDelayTests.this.connects
					.add(((failure != null) ? "fail " : "open ") + address.getAddress().getHostAddress());
			}

		})
		.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(ConnectFallbackDelayTests.this.resolver);
			}

		});

	@BeforeEach
	void start() throws IOException {
		this.upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
		this.dead = new DeadAddress("127.0.0.2", this.upstream.port());
		this.resolver.add("orders.example", InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1"));
	}

	@AfterEach
	void stop() throws Exception {
		this.upstream.close();
		this.dead.close();
	}

	@Test
	void nextAddressIsTriedWhileTheFirstIsPendingByDefault() {
		this.runner.withPropertyValues("http-pool.connect-timeout=40s").run((context) -> {
			Duration took = get(context.getBean(RestClient.Builder.class).build());
			assertThat(took).isBetween(Duration.ofMillis(249), Duration.ofSeconds(15));
			assertThat(this.connects).containsExactly("start 127.0.0.2", "start 127.0.0.1", "open 127.0.0.1",
					"fail 127.0.0.2");
		});
	}

	@Test
	void zeroTriesOneAddressAfterTheOther() {
		this.runner.withPropertyValues("http-pool.connect-fallback-delay=0", "http-pool.connect-timeout=2s")
			.run((context) -> {
				get(context.getBean("pooledRestClient", RestClient.class));
				assertThat(this.connects).containsExactly("start 127.0.0.2", "fail 127.0.0.2", "start 127.0.0.1",
						"open 127.0.0.1");
			});
	}

	@Test
	void furtherPoolHasItsOwnDelay() {
		this.runner
			.withPropertyValues("http-pool.connect-fallback-delay=0", "http-pool.connect-timeout=20s",
					"http-pool.pools.orders.connect-fallback-delay=1500ms")
			.run((context) -> {
				Duration took = get(context.getBean("ordersRestClient", RestClient.class));
				assertThat(took).isBetween(Duration.ofMillis(1490), Duration.ofSeconds(9));
				assertThat(this.connects).startsWith("start 127.0.0.2", "start 127.0.0.1");
			});
	}

	/**
	 * HttpClient waits for the whole limit on each new connection.
	 */
	@Test
	void plainSpringBootReachesTheHostToo() {
		this.runner
			.withPropertyValues("http-pool.enabled=false", "spring.http.clients.connect-timeout=1s",
					"spring.http.clients.imperative.factory=http-components")
			.withBean(ClientHttpRequestFactoryBuilderCustomizer.class,
					() -> (ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder>) (
							builder) -> builder.withConnectionManagerCustomizer(
									(connections) -> connections.setDnsResolver(this.resolver)))
			.run((context) -> assertThat(get(context.getBean(RestClient.Builder.class).build()))
				.isGreaterThan(Duration.ofMillis(990)));
	}

	private Duration get(RestClient client) {
		long started = System.nanoTime();
		assertThat(
				client.get().uri("http://orders.example:" + this.upstream.port() + "/").retrieve().body(String.class))
			.isEqualTo("hello");
		return Duration.ofNanos(System.nanoTime() - started);
	}

}
